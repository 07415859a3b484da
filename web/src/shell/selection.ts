/**
 * Rows chosen by their boxes: the bar of actions shows as soon as one is.
 *
 *     <form data-selection> <input type="checkbox" data-select-all> … <input type="checkbox" data-select name="pk">
 *       <div data-selection-bar hidden><output data-selected>0</output> …</div></form>
 */
export function selection(page: Document): void {
  for (const form of page.querySelectorAll<HTMLElement>("[data-selection]:not([data-started])")) {
    form.dataset.started = "";
    const show = () => update(form);
    form.addEventListener("change", (event) => {
      const box = event.target as HTMLInputElement;
      if (box.matches("[data-select-all]")) for (const other of boxes(form)) other.checked = box.checked;
      if (box.matches("[data-select-all], [data-select]")) show();
    });
    show();
  }
}

function boxes(form: Element): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("[data-select]")];
}

export function update(form: HTMLElement): number {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked);
  for (const box of all) box.closest("[data-row]")?.classList.toggle("selected", box.checked);
  const head = form.querySelector<HTMLInputElement>("[data-select-all]");
  if (head) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const bar = form.querySelector<HTMLElement>("[data-selection-bar]");
  if (bar) bar.hidden = chosen.length === 0;
  for (const label of form.querySelectorAll("[data-selected]")) label.textContent = String(chosen.length);
  return chosen.length;
}
