/**
 * A request that failed is said, and what stood there stays: a panel of the big screen is marked, any other page shows
 * the sentence of `data-failed` above its content. (htmx is told not to swap answers of 4xx and 5xx.)
 *
 *     <body data-failed="未能取到，请稍后再试。"> … <div id="messages" aria-live="polite"></div>
 */
export function failed(page: Document, element: Element | null): void {
  const panel = element?.closest?.("[data-at]");
  if (panel) return panel.classList.add("unreachable");
  const messages = page.querySelector("#messages");
  const words = page.body.dataset.failed;
  if (!messages || !words || messages.querySelector("[data-failure]")) return;
  const note = page.createElement("div");
  note.className = "alert alert-warning";
  note.dataset.failure = "";
  note.textContent = words;
  messages.append(note);
}

export function failures(page: Document): void {
  for (const name of ["htmx:error", "htmx:response:error"]) {
    page.addEventListener(name, (event) => failed(page, event.target as Element | null));
  }
  // Whatever comes through again takes the complaint away.
  page.addEventListener("htmx:after:swap", (event) => {
    page.querySelector("#messages [data-failure]")?.remove();
    (event.target as Element | null)?.closest?.(".unreachable")?.classList.remove("unreachable");
  });
}
