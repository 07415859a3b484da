/** The look of permits, on the screen and on paper, and their button to print. */
import "./permits.css";

document.addEventListener("click", (event) => {
  if ((event.target as HTMLElement).closest("[data-print]")) window.print();
});
