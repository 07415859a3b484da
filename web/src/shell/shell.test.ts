import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { iconNames, sprite } from "../../icons.ts";
import { told } from "./clock";
import { withColumns } from "./columns";
import { phrase, span, type Words } from "./countdown";
import { failed } from "./failures";
import { folds } from "./folds";
import { ageOf, isStale } from "./freshness";
import { keys, neighbour, writes } from "./keys";
import { concerns, count } from "./live";
import { menus } from "./menus";
import { NamePicker } from "./picker";
import { update } from "./selection";
import { applied } from "./theme";

const WORDS: Words = { left: "剩 %s", over: "超期 %s", day: "%s 天", hour: "%s 小时", minute: "%s 分", second: "%s 秒" };

beforeEach(() => (document.body.innerHTML = ""));
afterEach(() => vi.restoreAllMocks());

describe("countdown", () => {
  it("says two neighbouring units at most, as the server does", () => {
    const said = [0, 59, 60, 320, 3600, 3661, 2 * 86400 + 3 * 3600 + 59, 86400 + 59].map((s) => span(s, WORDS));
    expect(said).toEqual(["0 秒", "59 秒", "1 分", "5 分 20 秒", "1 小时", "1 小时 1 分", "2 天 3 小时", "1 天"]);
  });

  it("tells time left from time over", () => {
    expect(phrase(300_000, 0, WORDS)).toBe("剩 5 分");
    expect(phrase(0, 3_600_000, WORDS)).toBe("超期 1 小时");
  });
});

describe("freshness", () => {
  it("calls figures stale after twice their time and not before", () => {
    expect(ageOf(1_000_000, 61_000)).toBe(60);
    expect(ageOf(2_000_000, 1_000)).toBe(0);
    expect([isStale(60, 30), isStale(61, 30)]).toEqual([false, true]);
  });
});

describe("theme", () => {
  it("follows the system unless somebody chose", () => {
    expect([applied("dark", false), applied("light", true), applied("auto", true), applied(null, false)]).toEqual([
      "dark", "light", "dark", "light",
    ]);
  });
});

describe("columns and clock", () => {
  it("asks for the chosen columns and leaves the filters as they were", () => {
    expect(withColumns("http://a/x/?q=1&page=3", ["name", "level"])).toBe("http://a/x/?q=1&columns=name%2Clevel");
    expect(withColumns("http://a/x/?columns=name", [])).toBe("http://a/x/");
  });

  it("tells the time of day in the region, wherever the browser is", () => {
    expect(told(new Date(Date.UTC(2026, 0, 1, 19, 4, 5)), "Asia/Shanghai")).toBe("2026-01-02 03:04:05");
  });
});

describe("keys", () => {
  const press = (key: string, options = {}) =>
    document.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true, ...options }));
  let started = false;

  beforeEach(() => {
    document.body.innerHTML = `
      <input id="words"><input data-search>
      <button data-key="c" data-key-title="确认"></button>
      <table><tr data-row tabindex="-1" id="a"><td><a data-open href="#x"></a></td></tr><tr data-row tabindex="-1" id="b"></tr></table>
      <dialog id="keys"><ul data-own-keys></ul></dialog>`;
    if (!started) keys(document);
    started = true;
  });

  it("presses the control of its key", () => {
    const pressed = vi.fn();
    document.querySelector("[data-key]")!.addEventListener("click", pressed);
    press("c");
    press("C");
    expect(pressed).toHaveBeenCalledTimes(2);
  });

  it("takes no key from somebody who writes, nor a shortcut of the browser", () => {
    const pressed = vi.fn();
    document.querySelector("[data-key]")!.addEventListener("click", pressed);
    press("c", { ctrlKey: true });
    document.querySelector<HTMLElement>("#words")!.focus();
    press("c");
    expect(pressed.mock.calls).toEqual([]);
  });

  it("walks over rows and opens one", () => {
    const opened = vi.fn();
    document.querySelector("[data-open]")!.addEventListener("click", opened);
    press("j");
    expect(document.activeElement!.id).toBe("a");
    press("Enter");
    press("j");
    press("j");
    expect(document.activeElement!.id).toBe("b");
    expect(opened).toHaveBeenCalledOnce();
  });

  it("goes to the search and lists its own keys", () => {
    press("?");
    expect(document.querySelector("[data-own-keys]")!.textContent).toContain("确认");
    document.querySelector<HTMLDialogElement>("dialog")!.close();
    press("/");
    expect(document.activeElement!.hasAttribute("data-search")).toBe(true);
  });

  it("knows what is writing", () => {
    document.body.innerHTML = `<input type="checkbox"><textarea></textarea><select></select>`;
    const found = [...document.body.children].map(writes);
    expect(found).toEqual([false, true, true]);
    expect(writes(null)).toBe(false);
  });

  it("has no neighbour in an empty list", () => {
    expect(neighbour([], null, 1)).toBeUndefined();
  });
});

describe("menus", () => {
  it("keeps one menu open, closes on a click outside, opens dialogs and the one that must be seen", () => {
    document.body.innerHTML = `
      <details class="menu" id="one" open><summary></summary></details><p id="outside"></p>
      <button data-dialog="d"></button><dialog id="d"><button data-close></button></dialog><dialog id="now" data-open-now></dialog>`;
    menus(document);
    expect(document.querySelector<HTMLDialogElement>("#now")!.open).toBe(true);
    document.querySelector<HTMLElement>("#outside")!.click();
    expect(document.querySelector<HTMLDetailsElement>("#one")!.open).toBe(false);
    document.querySelector<HTMLElement>("[data-dialog]")!.click();
    expect(document.querySelector<HTMLDialogElement>("#d")!.open).toBe(true);
    document.querySelector<HTMLElement>("[data-close]")!.click();
    expect(document.querySelector<HTMLDialogElement>("#d")!.open).toBe(false);
  });
});

describe("folds", () => {
  const sidebar = () => {
    document.body.innerHTML =
      '<nav id="sidebar"><details data-fold="know" open></details>' +
      '<details data-fold="watch" open><a aria-current="page"></a></details></nav>';
    return document.querySelectorAll("details");
  };

  it("leaves groups as the person left them, but never hides the page one is on", () => {
    localStorage.setItem("menu-folds", '{"know": false, "watch": false}');
    const [know, watch] = sidebar();
    folds(document);
    expect([know!.open, watch!.open]).toEqual([false, true]);
  });

  it("remembers a group folded or opened, and bears what is no JSON", () => {
    localStorage.setItem("menu-folds", "{");
    const [know] = sidebar();
    folds(document);
    know!.open = false;
    know!.dispatchEvent(new Event("toggle"));
    expect(JSON.parse(localStorage.getItem("menu-folds")!)).toEqual({ know: false });
  });
});

describe("live", () => {
  it("counts what changed on a button and moves nothing", () => {
    document.body.innerHTML = `<button data-live-count="alarms warnings" hidden><span data-count></span></button>`;
    const button = document.querySelector("button")!;
    count(document, "devices", [1]);
    expect(button.hidden).toBe(true);
    count(document, "alarms", [1, 2]);
    count(document, "alarms", [2, 3]);
    expect([button.hidden, button.textContent]).toEqual([false, "3"]);
  });

  it("heeds one id where one is named", () => {
    document.body.innerHTML = `<button data-live-count="warnings" data-only="7" hidden></button>`;
    count(document, "warnings", [8]);
    expect(document.querySelector("button")!.hidden).toBe(true);
    count(document, "warnings", [7]);
    expect(document.querySelector("button")!.hidden).toBe(false);
    expect(concerns("a b", "b") && !concerns(undefined, "b") && !concerns("ab", "b")).toBe(true);
  });
});

describe("failures", () => {
  it("marks the panel, or says it once above the page", () => {
    document.body.dataset.failed = "未能取到";
    document.body.innerHTML = `<div id="messages"></div><section data-at="1"><p></p></section><div id="list"></div>`;
    failed(document, document.querySelector("section p"));
    expect(document.querySelector("section")!.className).toBe("unreachable");
    expect(document.querySelector("#messages")!.textContent).toBe("");
    failed(document, document.querySelector("#list"));
    failed(document, null);
    expect(document.querySelector("#messages")!.textContent).toBe("未能取到");
  });
});

describe("selection", () => {
  it("shows the bar with the number chosen", () => {
    document.body.innerHTML = `<form><input type="checkbox" data-select-all>
      <input type="checkbox" data-select checked><input type="checkbox" data-select>
      <div data-selection-bar hidden><output data-selected></output></div></form>`;
    const form = document.querySelector<HTMLElement>("form")!;
    expect(update(form)).toBe(1);
    expect(form.querySelector<HTMLElement>("[data-selection-bar]")!.hidden).toBe(false);
    expect(form.querySelector("output")!.textContent).toBe("1");
    expect(form.querySelector<HTMLInputElement>("[data-select-all]")!.indeterminate).toBe(true);
  });
});

describe("picker", () => {
  it("shows what the server found and keeps the code of what is chosen", async () => {
    customElements.get("name-picker") ?? customElements.define("name-picker", NamePicker);
    document.body.innerHTML = `<name-picker data-url="/find/region/" data-none="没有找到">
      <input type="hidden" name="region"><input role="combobox" id="r" type="text"></name-picker>`;
    const picker = document.querySelector<NamePicker>("name-picker")!;
    await Promise.resolve();
    const changed = vi.fn();
    picker.addEventListener("change", changed);
    picker.show([{ code: "999901", title: "云汀区" }, { code: "999902", title: "<b>" }]);
    const box = picker.querySelector<HTMLInputElement>("[role=combobox]")!;
    const key = (name: string) => box.dispatchEvent(new KeyboardEvent("keydown", { key: name, cancelable: true }));
    expect(box.getAttribute("aria-expanded")).toBe("true");
    expect(picker.querySelector("b")).toBeNull();
    key("ArrowDown");
    key("Enter");
    expect(picker.querySelector<HTMLInputElement>("[type=hidden]")!.value).toBe("999901");
    expect([box.value, changed.mock.calls.length, box.getAttribute("aria-expanded")]).toEqual(["云汀区", 1, "false"]);
    picker.show([]);
    expect(picker.textContent).toContain("没有找到");
  });
});

describe("icons", () => {
  const set = { icons: { bell: { body: "<path/>" } }, aliases: { ring: { parent: "bell" } } };

  it("are gathered from Python, packs and templates", () => {
    expect(iconNames('Menu(group="know", icon="bell")', ".py")).toEqual(["bell"]);
    expect(iconNames("  icon: bell\n", ".yaml")).toEqual(["bell"]);
    expect(iconNames('{% icon "bell" %}', ".html")).toEqual(["bell"]);
  });

  it("are drawn once each, and an unknown one stops the build", () => {
    expect(sprite(set, ["bell", "bell", "ring"]).match(/<symbol/g)).toHaveLength(2);
    expect(() => sprite(set, ["bel"])).toThrow('no Tabler icon "bel"');
  });
});
