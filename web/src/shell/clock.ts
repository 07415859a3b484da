/** The time of day on the big screen, in the region's zone: `<time data-clock data-zone="Asia/Shanghai">…</time>`. */
export function told(now: Date, zone?: string): string {
  // Swedish writes dates as ISO does.
  return now.toLocaleString("sv-SE", { timeZone: zone || undefined });
}

export function clock(page: Document): void {
  const element = page.querySelector<HTMLElement>("[data-clock]");
  if (element) setInterval(() => (element.textContent = told(new Date(), element.dataset.zone)), 1000);
}
