/**
 * Buttons that choose light, dark or the system's own.
 *
 *     <button data-theme-choice="dark" aria-pressed="false">深色</button>
 *
 * The choice is kept in the browser; static/shell/theme.js applies it before the first paint.
 */
export type Choice = "light" | "dark" | "auto";

export function applied(choice: string | null, systemIsDark: boolean): "light" | "dark" {
  if (choice === "light" || choice === "dark") return choice;
  return systemIsDark ? "dark" : "light";
}

export function theme(page: Document): void {
  if (page.documentElement.hasAttribute("data-theme-fixed")) return; // the big screen is dark, whoever looks
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const choice = localStorage.getItem("theme") ?? "auto";
    page.documentElement.dataset.bsTheme = applied(choice, system.matches);
    for (const button of page.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
    page.dispatchEvent(new CustomEvent("anlan:theme"));
  };
  page.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-theme-choice]");
    if (!button) return;
    localStorage.setItem("theme", button.dataset.themeChoice!);
    show();
  });
  system.addEventListener("change", show);
  show();
}
