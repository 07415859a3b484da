/**
 * The search in the top bar: htmx fetches the groups of results into a panel below; the arrow keys walk over the
 * results, Enter opens one or, in the box, the page of all results; Escape closes.
 *
 *     <form data-search-form role="search"><input data-search …><div data-search-results></div></form>
 */
export function searchBox(page: Document): void {
  const form = page.querySelector<HTMLElement>("[data-search-form]");
  const box = form?.querySelector<HTMLInputElement>("[data-search]");
  const panel = form?.querySelector<HTMLElement>("[data-search-results]");
  if (!form || !box || !panel) return;
  const close = () => panel.replaceChildren();
  form.addEventListener("keydown", (event) => {
    const results = [...panel.querySelectorAll<HTMLElement>("a")];
    if (event.key === "Escape") {
      close();
      box.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const at = results.indexOf(page.activeElement as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1);
      (at < 0 ? box : results[Math.min(at, results.length - 1)])?.focus();
      event.preventDefault();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget as Node | null)) setTimeout(() => form.contains(page.activeElement) || close(), 150);
  });
}
