import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { follow } from "./rooms";

class Stream extends EventTarget {
  closed = false;
  close() {
    this.closed = true;
  }
  say(data: unknown, type = "change") {
    this.dispatchEvent(new MessageEvent(type, { data: typeof data === "string" ? data : JSON.stringify(data) }));
  }
}

const heard: unknown[] = [];
let stream: Stream;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  heard.length = 0;
  stream = new Stream();
  stop = follow(
    "/live/",
    { changed: (room, ids) => heard.push([room, ids]), state: (state, missed) => heard.push([state, missed]) },
    () => stream as unknown as EventSource,
  );
});
afterEach(() => vi.useRealTimers());

it("gathers the events of a short while, each room once and each id once", () => {
  stream.say({ room: "alarms", ids: [1, 2] });
  stream.say({ room: "alarms", ids: [2, 3] }, "message");
  stream.say({ room: "cases", ids: [9] });
  expect(heard).toEqual([]);
  vi.runAllTimers();
  expect(heard).toEqual([["alarms", [1, 2, 3]], ["cases", [9]]]);
});

it("passes over what it cannot read", () => {
  for (const data of ["", "{", "null", "{}", '{"room": 1, "ids": []}', '{"room": "alarms", "ids": 7}']) stream.say(data);
  vi.runAllTimers();
  expect(heard).toEqual([]);
});

it("says after an interruption that events were missed, and not at the first opening", () => {
  stream.dispatchEvent(new Event("open"));
  stream.dispatchEvent(new Event("error"));
  stream.dispatchEvent(new Event("open"));
  expect(heard).toEqual([["on", false], ["off", false], ["on", true]]);
});

it("is silent after its end", () => {
  stream.say({ room: "alarms", ids: [1] });
  stop();
  vi.runAllTimers();
  expect(heard).toEqual([]);
  expect(stream.closed).toBe(true);
});
