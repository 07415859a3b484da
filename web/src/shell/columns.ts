/**
 * The form that chooses columns asks for the page again, with their names in one value and all else as it was.
 *
 *     <form data-columns><input type="checkbox" value="name" checked>…</form>
 */
export function withColumns(address: string, names: string[]): string {
  const url = new URL(address);
  url.searchParams.delete("page");
  if (names.length) url.searchParams.set("columns", names.join(","));
  else url.searchParams.delete("columns");
  return url.href;
}

export function columns(page: Document): void {
  page.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-columns]")) return;
    event.preventDefault();
    const names = [...form.querySelectorAll<HTMLInputElement>("input:checked")].map((box) => box.value);
    page.defaultView!.location.assign(withColumns(page.defaultView!.location.href, names));
  });
}
