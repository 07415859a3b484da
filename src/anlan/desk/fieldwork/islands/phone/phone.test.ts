import { describe, expect, it, vi } from "vitest";
import { answered, handedIn, lacking } from "./checking";
import { Cut, Refusal, SignedOut, type Line } from "./line";
import { PIECE, Queue, decided, pause } from "./queue";
import type { Draft, Form, Kept, Sending } from "./shapes";
import { filesOf, type Store } from "./store";

const FORM: Form = {
  is: "form", key: "f", title: "检查",
  questions: [
    { name: "gauge", title: "压力表", kind: "verdict", required: true, detail: [{ name: "why", title: "哪里", kind: "text", required: true }, { name: "photos", title: "照片", kind: "photos" }] },
    { name: "level", title: "液位", kind: "number", least: 10, most: 80 },
    { name: "voice", title: "语音", kind: "voice" },
  ],
};
const draft = (answers: Draft["answers"] = {}, details: Draft["details"] = {}): Draft => ({
  key: "k", source: "", submission: "t.check", title: "检查", form: FORM, fixed: {}, base: {}, answers, details, begun_at: "", changed_at: "",
});
const sending = (key: string, files: string[] = []): Sending => ({ ...handedIn({ ...draft({ gauge: "ok" }), key }, null, new Date(0)), files });
const kept = (key: string, size: number): Kept => ({ key, name: "a.jpg", type: "image/jpeg", size, digest: "", made_at: "", place: null, bytes: new ArrayBuffer(size), done: false });
const fate = (key: string, state: Sending["state"]) => ({ key, state, words: "", reason: "", url: "", fields: {} });

describe("before handing in", () => {
  it("names what must be answered, and what lies outside its limits", () => {
    expect(lacking(draft())).toEqual(["gauge"]);
    expect(lacking(draft({ gauge: "ok", level: 81 }))).toEqual(["level"]);
    expect(lacking(draft({ gauge: "ok", level: "abc" }))).toEqual(["level"]);
    expect(lacking(draft({ gauge: "ok", level: 80 }))).toEqual([]);
  });
  it("asks for the detail only after not", () => {
    expect(lacking(draft({ gauge: "not" }))).toEqual(["gauge.why"]);
    expect(lacking(draft({ gauge: "not" }, { gauge: { why: "锈" } }))).toEqual([]);
  });
  it("leaves behind the detail of a verdict that was changed back, with its pictures", () => {
    const changed = draft({ gauge: "ok", voice: ["v"] }, { gauge: { why: "锈", photos: ["p"] } });
    expect(filesOf(changed)).toEqual(["v"]);
    expect(handedIn(changed, null, new Date(0)).details).toEqual({});
  });
  it("counts an emptied list as no answer", () => {
    expect(answered(draft({ gauge: "ok", voice: [] }))).toBe(1);
  });
});

describe("a conflict", () => {
  it("decided field by field becomes a sending without conflict", () => {
    const told = { ...sending("a"), answers: { gauge: "ok", level: 20 }, fields: { gauge: ["ok", "not"], level: [20, 30] } as Sending["fields"] };
    const again = decided(told, new Set(["gauge"]));
    expect(again.answers).toEqual({ gauge: "ok", level: 30 });
    expect(again.base).toEqual({ gauge: "not", level: 30 });
    expect([again.state, again.fields]).toEqual(["waiting", {}]);
  });
});

it("waits longer and longer, but never more than ten minutes", () => {
  expect([1, 2, 3, 50].map(pause)).toEqual([5_000, 10_000, 20_000, 600_000]);
});

/** A store in memory, and a line that answers as told. */
function stage(sendings: Sending[], files: Kept[] = []) {
  const outbox = new Map(sendings.map((one) => [one.key, one])), shelf = new Map(files.map((one) => [one.key, one]));
  const store = {
    outbox: async () => [...outbox.values()], sending: async (key: string) => structuredClone(outbox.get(key)),
    keepSending: async (one: Sending) => void outbox.set(one.key, structuredClone(one)), file: async (key: string) => shelf.get(key),
    keepFile: async (file: Kept) => void shelf.set(file.key, file), sweep: async () => {},
  } as unknown as Store;
  const post = vi.fn(), piece = vi.fn();
  const told = { changed: () => {}, signedOut: vi.fn(), forgotten: vi.fn(), online: vi.fn() };
  const queue = new Queue(store, { post, piece } as unknown as Line, told, () => 1_000_000);
  return { outbox, shelf, post, piece, told, queue };
}

describe("the queue", () => {
  it("sends each alone: one that is refused does not hold up the next", async () => {
    const { outbox, post, queue } = stage([sending("a"), sending("b")]);
    post.mockImplementation(async (_path: string, { key }: { key: string }) => {
      if (key === "a") throw new Refusal(400, "不收", {});
      return fate(key, "applied");
    });
    await queue.run();
    expect([outbox.get("a")!.state, outbox.get("a")!.reason, outbox.get("b")!.state]).toEqual(["refused", "不收", "applied"]);
  });

  it("stops at a cut, and tries again no earlier than it said", async () => {
    const { outbox, post, told, queue } = stage([sending("a"), sending("b")]);
    post.mockRejectedValue(new Cut());
    await queue.run();
    expect(post).toHaveBeenCalledTimes(1);
    expect(outbox.get("a")).toMatchObject({ state: "waiting", tries: 1, next_at: 1_005_000 });
    expect(told.online).toHaveBeenCalledWith(false);
    post.mockImplementation(async (_path: string, { key }: { key: string }) => fate(key, "applied"));
    await queue.run();
    expect([outbox.get("a")!.state, outbox.get("b")!.state]).toEqual(["waiting", "applied"]);
  });

  it("keeps everything when the session is over", async () => {
    const { outbox, post, told, queue } = stage([sending("a")]);
    post.mockRejectedValue(new SignedOut());
    await queue.run();
    expect([outbox.get("a")!.state, outbox.get("a")!.tries]).toEqual(["waiting", 0]);
    expect(told.signedOut).toHaveBeenCalled();
  });

  it("sends a picture in pieces from where the platform says, text first", async () => {
    const size = PIECE * 2 + 100;
    const { outbox, shelf, post, piece, queue } = stage([sending("a", ["p"])], [kept("p", size)]);
    post.mockImplementation(async (path: string) => (path === "files/" ? { offset: PIECE, done: false } : fate("a", shelf.get("p")!.done ? "applied" : "waiting")));
    piece.mockImplementation(async (_path: string, offset: number, bytes: ArrayBuffer) => ({ offset: offset + bytes.byteLength, done: offset + bytes.byteLength === size }));
    await queue.run();
    expect(post.mock.calls.map(([path]) => path)).toEqual(["send/", "files/", "send/"]);
    expect(piece.mock.calls.map(([, offset, bytes]) => [offset, bytes.byteLength])).toEqual([[PIECE, PIECE], [PIECE * 2, 100]]);
    expect(outbox.get("a")!.state).toBe("applied");
  });

  it("goes to the offset it is told when a piece was lost on the way, but not for ever", async () => {
    const { outbox, post, piece, queue } = stage([sending("a", ["p"])], [kept("p", PIECE)]);
    post.mockImplementation(async (path: string) => (path === "files/" ? { offset: 0, done: false } : fate("a", "waiting")));
    piece.mockRejectedValue(new Refusal(409, "", { offset: 0 }));
    await queue.run();
    expect(piece.mock.calls.length).toBe(4);
    expect(outbox.get("a")!.state).toBe("refused");
  });
});
