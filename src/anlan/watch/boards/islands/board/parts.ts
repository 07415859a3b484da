/** A part of a page that is sent again only when it changed. */

class FreshPart extends HTMLElement {
  private timer?: ReturnType<typeof setInterval>;
  private under = false;
  private again = false;

  connectedCallback(): void {
    this.timer = setInterval(() => void this.ask(), 1000 * Number(this.dataset.every));
    document.addEventListener("anlan:change", this.hear);
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
    document.removeEventListener("anlan:change", this.hear);
  }

  private readonly hear = (event: Event): void => {
    const room = (event as CustomEvent).detail.room as string;
    if (room === "*" || (this.dataset.rooms ?? "").split(" ").includes(room)) void this.ask();
  };

  /** One request at a time; what is heard meanwhile asks once more. */
  private async ask(): Promise<void> {
    if (this.under) {
      this.again = true;
      return;
    }
    if (document.hidden) return;
    this.under = true;
    try {
      await this.fetched();
    } finally {
      this.under = false;
    }
    if (this.again) {
      this.again = false;
      await this.ask();
    }
  }

  private async fetched(): Promise<void> {
    const missing = this.querySelector<HTMLElement>(".missing")!;
    try {
      const answer = await fetch(`${this.dataset.src}&seen=${this.dataset.seen}`, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      if (answer.status !== 204) {
        this.querySelector<HTMLElement>("[data-body]")!.innerHTML = await answer.text();
        this.dataset.seen = answer.headers.get("X-Digest") ?? "";
      }
      this.dataset.at = String(Date.now() * 1000);
      missing.hidden = true;
    } catch {
      missing.hidden = false;
    }
  }
}

if (!customElements.get("fresh-part")) customElements.define("fresh-part", FreshPart);
