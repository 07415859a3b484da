/**
 * A combobox that finds a code by name, code or pinyin initials on the server.
 *
 *     <name-picker data-url="/find/region/" data-none="没有找到">
 *       <input type="hidden" name="region" value="999901"><input role="combobox" type="text" value="安澜区" …>
 *     </name-picker>
 *
 * Without script the visible box is of no use, so the server also accepts a code typed into it (`<name>__text`).
 */
export interface Found {
  code: string;
  title: string;
}

export class NamePicker extends HTMLElement {
  private list?: HTMLUListElement;
  private timer?: ReturnType<typeof setTimeout>;
  private active = -1;

  connectedCallback(): void {
    // The children may not be there yet when the element is.
    queueMicrotask(() => this.isConnected && this.start());
  }

  private start(): void {
    if (this.list) return;
    this.list = document.createElement("ul");
    this.list.setAttribute("role", "listbox");
    this.list.id = `${this.box.id}-list`;
    this.list.hidden = true;
    this.append(this.list);
    this.box.setAttribute("aria-controls", this.list.id);
    this.box.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), 200);
    });
    this.box.addEventListener("focus", () => this.look());
    // What is typed is no value yet: only a choice is, and that is told by the hidden box.
    this.box.addEventListener("change", (event) => event.stopPropagation());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.choose({ code: option.dataset.code!, title: option.textContent! });
    });
  }

  private get box(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>("[role=combobox]")!;
  }

  private get value(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>("input[type=hidden]")!;
  }

  private async look(): Promise<void> {
    const words = this.box.value.trim();
    if (!words && this.value.value) this.choose({ code: "", title: "" });
    const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || document.activeElement !== this.box) return;
    this.show(((await answer.json()) as { results: Found[] }).results);
  }

  show(found: Found[]): void {
    this.active = -1;
    this.list!.replaceChildren(
      ...found.map(({ code, title }, index) => {
        const option = document.createElement("li");
        option.setAttribute("role", "option");
        option.id = `${this.list!.id}-${index}`;
        option.dataset.code = code;
        option.textContent = title;
        return option;
      }),
    );
    if (!found.length) {
      const nothing = document.createElement("li");
      nothing.textContent = this.dataset.none ?? "";
      nothing.className = "nothing";
      this.list!.append(nothing);
    }
    this.list!.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
  }

  private key(event: KeyboardEvent): void {
    const options = [...this.list!.querySelectorAll<HTMLElement>("[role=option]")];
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && !this.list!.hidden && options[this.active]) {
      event.preventDefault();
      this.choose({ code: options[this.active].dataset.code!, title: options[this.active].textContent! });
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.active = Math.min(Math.max(this.active + (event.key === "ArrowDown" ? 1 : -1), 0), options.length - 1);
      options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.active)));
      if (options[this.active]) this.box.setAttribute("aria-activedescendant", options[this.active].id);
      options[this.active]?.scrollIntoView({ block: "nearest" });
    }
  }

  choose({ code, title }: Found): void {
    this.box.value = title;
    this.close();
    if (this.value.value === code) return;
    this.value.value = code;
    this.value.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private close(): void {
    this.list!.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }
}
