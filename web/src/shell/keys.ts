/**
 * Keys. A control with `data-key="c"` is pressed by that key; `/` goes to the search; `j` and `k` move over the rows
 * of a list and `Enter` opens the row; `?` shows all keys that this page knows.
 *
 *     <button data-key="c">确认 <kbd>C</kbd></button>
 *     <tr data-row tabindex="-1">… <a data-open href="…">…</a></tr>
 *     <button data-key="a" data-key-rows>…</button>      acts on the chosen rows: with none, the row in focus is chosen
 *
 * A control inside the row in focus comes before one of the page.
 *
 * No key is taken while somebody writes, nor together with Ctrl, Alt or Meta.
 */
export function writes(element: Element | null): boolean {
  if (!element) return false;
  if (element.matches("textarea, select, [contenteditable]")) return true;
  return element.matches("input") && !element.matches("[type=checkbox], [type=radio], [type=button], [type=submit]");
}

export function neighbour(rows: Element[], current: Element | null, step: number): Element | undefined {
  const at = current ? rows.indexOf(current) : -1;
  if (at < 0) return step > 0 ? rows[0] : rows[rows.length - 1];
  return rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
}

export function keys(page: Document): void {
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (writes(page.activeElement) || page.querySelector("dialog[open]")) return;
    if (act(page, event.key)) event.preventDefault();
  });
}

function act(page: Document, key: string): boolean {
  if (key === "/") return focus(page.querySelector<HTMLElement>("[data-search]"));
  if (key === "?") return showKeys(page);
  if (key === "j" || key === "k") {
    const rows = [...page.querySelectorAll("[data-row]")];
    const row = neighbour(rows, page.activeElement?.closest("[data-row]") ?? null, key === "j" ? 1 : -1);
    return focus(row as HTMLElement | undefined);
  }
  if (key === "Enter" && page.activeElement?.matches("[data-row]")) {
    const link = page.activeElement.querySelector<HTMLElement>("[data-open]");
    link?.click();
    return Boolean(link);
  }
  if (key === "x" && page.activeElement?.matches("[data-row]")) {
    const box = page.activeElement.querySelector<HTMLElement>("[data-select]");
    box?.click();
    return Boolean(box);
  }
  if (key.length !== 1) return false;
  const row = page.activeElement?.closest<HTMLElement>("[data-row]");
  const control = keyed(row, key) ?? [...page.querySelectorAll<HTMLElement>("[data-key]")].find(
    (found) => found.dataset.key === key.toLowerCase() && !found.closest("[data-row]"),
  );
  if (control?.matches("[data-key-rows]")) choose(page, row ?? null);
  control?.click();
  return Boolean(control);
}

function keyed(place: HTMLElement | null | undefined, key: string): HTMLElement | undefined {
  return [...(place?.querySelectorAll<HTMLElement>("[data-key]") ?? [])].find((found) => found.dataset.key === key.toLowerCase());
}

/** What acts on rows acts on the chosen ones; when none is, on the row in focus. */
function choose(page: Document, row: HTMLElement | null): void {
  if (page.querySelector("[data-select]:checked")) return;
  row?.querySelector<HTMLElement>("[data-select]")?.click();
}

function focus(element: HTMLElement | null | undefined): boolean {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
  return Boolean(element);
}

/** The keys of this page, gathered from its controls, in the dialog `#keys`. */
function showKeys(page: Document): boolean {
  const dialog = page.querySelector<HTMLDialogElement>("#keys");
  const list = dialog?.querySelector("[data-own-keys]");
  if (!dialog || !list) return false;
  list.replaceChildren(
    ...controls(page).map((control) => {
      const line = page.createElement("li");
      const key = page.createElement("kbd");
      key.textContent = control.dataset.key!.toUpperCase();
      line.append(key, " ", control.dataset.keyTitle ?? "");
      return line;
    }),
  );
  dialog.showModal();
  return true;
}

/** One for each key: every row of a list may have the same. */
function controls(page: Document): HTMLElement[] {
  const found = new Map<string, HTMLElement>();
  for (const control of page.querySelectorAll<HTMLElement>("[data-key]")) {
    if (!found.has(control.dataset.key!)) found.set(control.dataset.key!, control);
  }
  return [...found.values()];
}
