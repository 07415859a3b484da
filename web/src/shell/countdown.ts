/**
 * Clocks that count down, and times since.
 *
 *     <time data-due datetime="2026-11-24T08:00:00Z" data-words='{"left":"剩 %s","over":"超期 %s", …}'>剩 2 小时</time>
 *
 * The server has written the words already; here they are kept true. The words come with the page (see timing.py),
 * so that both sides speak the same language.
 */
export interface Words {
  left: string;
  over: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

/** Two units at most: "2 天 3 小时", "5 分 20 秒"; seconds only below an hour. Mirrors timing.span. */
export function span(seconds: number, words: Words): string {
  const total = Math.floor(Math.abs(seconds));
  const parts: [number, string][] = [
    [Math.floor(total / 86400), words.day],
    [Math.floor(total / 3600) % 24, words.hour],
    [Math.floor(total / 60) % 60, words.minute],
    [total % 60, words.second],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return words.second.replace("%s", "0");
  return parts
    .slice(first, first + 2)
    .filter(([amount], index) => index === 0 || amount > 0)
    .map(([amount, word]) => word.replace("%s", String(amount)))
    .join(" ");
}

export function phrase(due: number, now: number, words: Words): string {
  return (due >= now ? words.left : words.over).replace("%s", span((due - now) / 1000, words));
}

export function countDown(page: Document): void {
  const element = page.querySelector<HTMLElement>("[data-time-words]");
  if (!element) return;
  const words = JSON.parse(element.dataset.timeWords!) as Words;
  const tick = () => {
    const now = Date.now();
    for (const clock of page.querySelectorAll<HTMLTimeElement>("time[data-due]")) {
      const due = Date.parse(clock.dateTime);
      const text = phrase(due, now, words);
      if (clock.textContent !== text) clock.textContent = text;
      clock.classList.toggle("overdue", due < now);
    }
  };
  setInterval(tick, 1000);
}
