import { expect, it, vi } from "vitest";
import { end, lease } from "./stream";

class Source extends EventTarget {
  readyState = 0;
  closed = 0;
  close() {
    this.closed += 1;
    this.readyState = 2;
  }
}

const source = new Source();
const open = vi.fn(() => source as unknown as EventSource);

it("opens one connection for all who listen, and closing one lease leaves the others", async () => {
  const heard: string[] = [];
  const first = lease("/live/", open);
  first.addEventListener("change", () => heard.push("first"));
  source.readyState = 1;
  const second = lease("/live/", open);
  second.addEventListener("open", () => heard.push("opened"));
  second.addEventListener("change", () => heard.push("second"));
  await Promise.resolve();
  source.dispatchEvent(new Event("change"));
  first.close();
  source.dispatchEvent(new Event("change"));
  expect(heard).toEqual(["opened", "first", "second", "second"]);
  expect([open.mock.calls.length, source.closed]).toEqual([1, 0]);
});

it("opens anew once the connection has ended", () => {
  end("/live/");
  lease("/live/", open);
  expect([open.mock.calls.length, source.closed]).toEqual([2, 1]);
});
