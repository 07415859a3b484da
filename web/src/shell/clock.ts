/** The time of day on the big screen: `<time data-clock>2026-11-24 08:00</time>`, in the browser's own zone. */
export function told(now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
}

export function clock(page: Document): void {
  const element = page.querySelector<HTMLElement>("[data-clock]");
  if (element) setInterval(() => (element.textContent = told(new Date())), 1000);
}
