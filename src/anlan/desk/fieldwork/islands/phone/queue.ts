/** The queue: each thing is sent alone, in its order, with its own error and its own patience. Its text goes first and is
 *  safe on the platform at once; its files follow in pieces, each from where the last attempt stopped. */
import { Cut, Forgotten, Refusal, SignedOut, type Line } from "./line";
import type { Kept, Sending, State } from "./shapes";
import { finished, type Store } from "./store";

export const PIECE = 96 * 1024;
const LONGEST_WAIT = 10 * 60_000;
export type Fate = { key: string; state: State; words: string; reason: string; url: string; fields: Sending["fields"] };
type Standing = { offset: number; done: boolean };
export type Told = { changed: () => void; signedOut: () => void; forgotten: () => void; online: (yes: boolean) => void };

/** Milliseconds until the next attempt: 5 s, 10 s, 20 s … at most ten minutes. Pure. */
export const pause = (tries: number): number => Math.min(5_000 * 2 ** Math.max(0, tries - 1), LONGEST_WAIT);

export class Queue {
  private running: Promise<void> | null = null;
  constructor(private store: Store, private line: Line, private told: Told, private now: () => number = Date.now) {}

  /** Sends what is due; with `all`, also what would still wait. Called twice at once it runs once. */
  run(all = false): Promise<void> {
    if (this.running) return all ? this.running.then(() => this.run(true)) : this.running;
    return (this.running = this.alone(all).finally(() => (this.running = null)));
  }

  /** Two open pages of the app must not send one thing at the same time: it would do no harm, but cost the network. */
  private async alone(all: boolean): Promise<void> {
    if (!navigator.locks) return this.pass(all);
    await navigator.locks.request("anlan-queue", { ifAvailable: true }, async (lock) => {
      if (lock) await this.pass(all);
    });
  }

  private async pass(all: boolean): Promise<void> {
    for (const { key } of await this.store.outbox()) {
      const sending = await this.store.sending(key);
      if (!sending || sending.state !== "waiting" || (!all && sending.next_at > this.now())) continue;
      if (!(await this.one(sending))) return;
    }
  }

  /** One sending; false when there is no use in trying the others. */
  private async one(sending: Sending): Promise<boolean> {
    try {
      let fate = await this.line.post<Fate>("send/", message(sending));
      this.told.online(true);
      if (fate.state === "waiting" && sending.files.length) {
        await this.files(sending);
        fate = await this.line.post<Fate>("send/", message(sending));
      }
      await this.end(sending, fate);
    } catch (error) {
      return this.failed(sending, error);
    }
    return true;
  }

  private async files(sending: Sending): Promise<void> {
    const kept = (await Promise.all(sending.files.map((key) => this.store.file(key)))).filter((file) => file !== undefined);
    const total = kept.reduce((sum, file) => sum + file.size, 0) || 1;
    let before = 0;
    for (const file of kept) {
      await this.file(file, (offset) => {
        sending.progress = (before + offset) / total;
        this.told.changed();
        return this.store.keepSending(sending);
      });
      before += file.size;
    }
  }

  private async file(file: Kept, at: (offset: number) => Promise<void>): Promise<void> {
    if (file.done) return;
    const { bytes, done: _, ...announced } = file;
    let standing = await this.line.post<Standing>("files/", announced);
    let backwards = 0;
    while (!standing.done) {
      const offset = standing.offset;
      try {
        standing = await this.line.piece<Standing>(`files/${file.key}/`, offset, bytes.slice(offset, offset + PIECE));
      } catch (refusal) {
        if (!(refusal instanceof Refusal) || refusal.status !== 409 || ++backwards > 3) throw refusal;
        standing = { offset: Number(refusal.body.offset), done: false };
      }
      await at(standing.offset);
    }
    await this.store.keepFile({ ...file, done: true });
  }

  /** What the platform says became of it. Still waiting there means: it has all of it and tries by itself; ask again. */
  private async end(sending: Sending, fate: Fate): Promise<void> {
    take(sending, fate);
    if (fate.state === "waiting") this.delay(sending);
    await this.store.keepSending(sending);
    if (finished(sending)) await this.store.sweep();
    this.told.changed();
  }

  private async failed(sending: Sending, error: unknown): Promise<boolean> {
    if (error instanceof Refusal) {
      Object.assign(sending, { state: "refused", reason: error.message });
      await this.store.keepSending(sending);
      this.told.changed();
      return true;
    }
    if (error instanceof Forgotten) this.told.forgotten();
    else if (error instanceof SignedOut) this.told.signedOut();
    else if (error instanceof Cut) {
      this.told.online(false);
      this.delay(sending);
      await this.store.keepSending(sending);
    } else throw error;
    this.told.changed();
    return false;
  }

  private delay(sending: Sending): void {
    sending.tries += 1;
    sending.next_at = this.now() + pause(sending.tries);
  }
}

export function take(sending: Sending, fate: Fate): void {
  const { state, words, reason, url, fields } = fate;
  Object.assign(sending, { state, words, reason, url, fields });
}

function message(sending: Sending): object {
  const { key, name, title, answers, details, fixed, base, files, made_at, place } = sending;
  return { key, name, title, answers, details, fixed, base, files, made_at, place };
}

/** A conflict decided field by field: `mine` names the questions whose own answer stays. The other's answers become the
 *  base, so that the platform sees no conflict where somebody has looked. Pure. */
export function decided(sending: Sending, mine: Set<string>): Sending {
  const answers = { ...sending.answers }, base = { ...sending.base };
  for (const [name, [, there]] of Object.entries(sending.fields)) {
    base[name] = there;
    if (!mine.has(name)) answers[name] = there;
  }
  const draft = { ...sending.draft, answers, base };
  return { ...sending, answers, base, draft, fields: {}, state: "waiting", reason: "", tries: 0, next_at: 0 };
}
