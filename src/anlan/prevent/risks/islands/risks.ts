/** The look of cards, boards and floor plans, and their button to print. */
import "./risks.css";

document.addEventListener("click", (event) => {
  if ((event.target as HTMLElement).closest("[data-print]")) window.print();
});
