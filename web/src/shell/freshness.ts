/**
 * Numbers grow old. A panel with `data-at` (µs since 1970, when its figures were read) and `data-refresh` (seconds)
 * shows its age and is marked stale after twice that time; failures.ts says so when a request failed.
 *
 *     <section data-at="1764000000000000" data-refresh="60"><span data-age></span>…</section>
 */
export function ageOf(at: number, now: number): number {
  return Math.max(0, Math.round((now * 1000 - at) / 1_000_000));
}

export function isStale(age: number, refresh: number): boolean {
  return age > 2 * refresh;
}

export function watchAge(page: Document): void {
  if (!page.querySelector("[data-at]")) return;
  const words = page.querySelector<HTMLElement>("[data-age-words]")?.dataset;
  setInterval(() => {
    for (const panel of page.querySelectorAll<HTMLElement>("[data-at]")) {
      const age = ageOf(Number(panel.dataset.at), Date.now());
      const stale = isStale(age, Number(panel.dataset.refresh));
      panel.classList.toggle("stale", stale);
      const label = panel.querySelector<HTMLElement>("[data-age]");
      if (!label) continue;
      const text = age < 60 ? words?.seconds : words?.minutes;
      label.textContent = (stale ? `${words?.stale ?? ""} ` : "") + (text ?? "%s").replace("%s", String(age < 60 ? age : Math.round(age / 60)));
    }
  }, 1000);
}
