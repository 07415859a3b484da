/** What every page needs: the style, htmx, and the small behaviours of the shell. Each bears being started twice. */
import "@tabler/core/dist/css/tabler.min.css";
import htmx from "htmx.org";
import "./shell.css";
import { clock } from "./shell/clock";
import { columns } from "./shell/columns";
import { countDown } from "./shell/countdown";
import { failures } from "./shell/failures";
import { folds } from "./shell/folds";
import { forget } from "./shell/forget";
import { watchAge } from "./shell/freshness";
import { keys } from "./shell/keys";
import { live } from "./shell/live";
import { menus } from "./shell/menus";
import { NamePicker } from "./shell/picker";
import { searchBox } from "./shell/search";
import { selection } from "./shell/selection";
import { theme } from "./shell/theme";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

window.htmx = htmx;
if (!customElements.get("name-picker")) customElements.define("name-picker", NamePicker);

/** Once a page. */
keys(document);
menus(document);
folds(document);
columns(document);
clock(document);
theme(document);
searchBox(document);
live(document, htmx);
countDown(document);
watchAge(document);
failures(document);
forget(document);

/** After each swap as well. */
selection(document);
document.addEventListener("htmx:after:swap", () => selection(document));
