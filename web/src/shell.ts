/** What every page needs: the Tabler style sheet and htmx. */
import "@tabler/core/dist/css/tabler.min.css";
import htmx from "htmx.org";
import "./shell.css";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

window.htmx = htmx;
