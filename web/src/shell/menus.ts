/**
 * Menus are `<details class="menu">`: they work without this. Here they close on Escape, on a click outside and when
 * another opens; the sidebar's drawer on a narrow screen likewise.
 *
 *     <button data-drawer aria-expanded="false" aria-controls="sidebar">…</button>
 *     <button data-dialog="keys">…</button> <dialog id="keys">… <button data-close>…</button></dialog>
 *
 * A dialog with `data-open-now` is open from the start: something typed into it was wrong.
 */
export function menus(page: Document): void {
  const open = () => [...page.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];
  page.addEventListener("click", (event) => {
    const target = event.target as Element;
    for (const menu of open()) if (!menu.contains(target)) menu.open = false;
    if (target.closest("[data-drawer]")) drawer(page, !page.body.classList.contains("drawer-open"));
    else if (!target.closest("#sidebar")) drawer(page, false);
    const opener = target.closest<HTMLElement>("[data-dialog]");
    if (opener) page.querySelector<HTMLDialogElement>(`#${opener.dataset.dialog}`)?.showModal();
    if (target.closest("[data-close]")) target.closest("dialog")?.close();
    if (target.closest("[data-reload]")) page.defaultView!.location.reload();
  });
  page.querySelector<HTMLDialogElement>("dialog[data-open-now]")?.showModal();
  page.addEventListener("toggle", (event) => {
    const menu = event.target as HTMLDetailsElement;
    if (menu.matches?.("details.menu") && menu.open) for (const other of open()) if (other !== menu) other.open = false;
  }, true);
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    drawer(page, false);
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

function drawer(page: Document, open: boolean): void {
  page.body.classList.toggle("drawer-open", open);
  page.querySelector("[data-drawer]")?.setAttribute("aria-expanded", String(open));
}
