/**
 * Groups of the menu stay as the person left them: opened or folded, on this device.
 *
 *     <nav id="sidebar"> <details data-fold="know" open> … </details> </nav>
 *
 * The group of the page one is on is never folded at first: one would not see where one is.
 */
const PLACE = "menu-folds";

export function folds(page: Document, store: Storage = localStorage): void {
  const groups = [...page.querySelectorAll<HTMLDetailsElement>("#sidebar details[data-fold]")];
  const left = kept(store);
  for (const group of groups) {
    const here = group.querySelector("[aria-current]") !== null;
    const open = left[group.dataset.fold!];
    if (open !== undefined && !here) group.open = open;
    group.addEventListener("toggle", () => {
      left[group.dataset.fold!] = group.open;
      try {
        store.setItem(PLACE, JSON.stringify(left));
      } catch {
        /* storage switched off: the menu starts anew on each page */
      }
    });
  }
}

function kept(store: Storage): Record<string, boolean> {
  try {
    return JSON.parse(store.getItem(PLACE) ?? "{}");
  } catch {
    return {};
  }
}
