/** What the phone keeps, in three databases: `anlan-phone` (which phone this is, who used it last), `anlan-carry-<user>`
 *  (what the platform gave; forgotten on signing out) and `anlan-work-<user>` (what the person wrote; never forgotten
 *  before it has arrived). Writing waits until it lies on the disk: what was answered outlives the browser. */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { BundleHead, Carried, Draft, Kept, Offer, Sending, User } from "./shapes";

interface Phone extends DBSchema {
  notes: { key: string; value: unknown };
}
interface Carry extends DBSchema {
  items: { key: string; value: Carried; indexes: { bundle: string } };
  bundles: { key: string; value: BundleHead };
  offers: { key: string; value: Offer };
  pictures: { key: number; value: { pk: number; bytes: ArrayBuffer; type: string } };
}
interface Work extends DBSchema {
  drafts: { key: string; value: Draft };
  outbox: { key: string; value: Sending };
  files: { key: string; value: Kept };
}

const ONTO_DISK = { durability: "strict" } as const;

export class Store {
  private constructor(
    private phone: IDBPDatabase<Phone>,
    private carry: IDBPDatabase<Carry> | null,
    private work: IDBPDatabase<Work> | null,
    readonly user: User | null,
    readonly device: string,
  ) {}

  static async open(forgotten: () => void): Promise<Store> {
    const phone = await openDB<Phone>("anlan-phone", 1, { upgrade: (db) => void db.createObjectStore("notes") });
    let device = (await phone.get("notes", "device")) as string | undefined;
    if (!device) {
      device = crypto.randomUUID();
      await phone.put("notes", device, "device");
    }
    const user = ((await phone.get("notes", "user")) as User | undefined) ?? null;
    if (!user) return new Store(phone, null, null, null, device);
    const carry = await openDB<Carry>(`anlan-carry-${user.id}`, 1, {
      upgrade(db) {
        db.createObjectStore("items", { keyPath: "id" }).createIndex("bundle", "bundle");
        db.createObjectStore("bundles", { keyPath: "name" });
        db.createObjectStore("offers", { keyPath: "name" });
        db.createObjectStore("pictures", { keyPath: "pk" });
      },
      // Somebody signs out in another tab: let go at once, what was carried is being wiped.
      blocking(_now, _next, event) {
        (event.target as IDBDatabase).close();
        forgotten();
      },
    });
    const work = await openDB<Work>(`anlan-work-${user.id}`, 1, {
      upgrade(db) {
        db.createObjectStore("drafts", { keyPath: "key" });
        db.createObjectStore("outbox", { keyPath: "key" });
        db.createObjectStore("files", { keyPath: "key" });
      },
    });
    return new Store(phone, carry, work, user, device);
  }

  /** Whose phone it is now; the next opening reads his databases. */
  async becomes(user: User | null): Promise<void> {
    if (user) await this.phone.put("notes", user, "user");
    else await this.phone.delete("notes", "user");
  }

  note<T>(name: string): Promise<T | undefined> {
    return this.phone.get("notes", name) as Promise<T | undefined>;
  }

  async remember(name: string, value: unknown): Promise<void> {
    await this.phone.put("notes", value, name);
  }

  /** Forgets what the platform gave; with `own`, also what the person wrote. */
  async forget(own = false): Promise<void> {
    if (!this.user) return;
    this.carry?.close();
    await deleteDB(`anlan-carry-${this.user.id}`);
    if (own) {
      this.work?.close();
      await deleteDB(`anlan-work-${this.user.id}`);
    }
    await this.phone.delete("notes", "contact");
  }

  close(): void {
    this.carry?.close();
    this.work?.close();
    this.phone.close();
  }

  // --- what the platform gave -----------------------------------------------------------------------------------
  heads = async (): Promise<BundleHead[]> =>
    this.carry ? (await this.carry.getAll("bundles")).sort((a, b) => a.order - b.order || a.name.localeCompare(b.name)) : [];
  offers = async (): Promise<Offer[]> => (this.carry ? this.carry.getAll("offers") : []);
  items = async (bundle?: string): Promise<Carried[]> => {
    if (!this.carry) return [];
    const found = bundle ? await this.carry.getAllFromIndex("items", "bundle", bundle) : await this.carry.getAll("items");
    const places = new Map<string, number>();
    for (const { name, keys = [] } of await this.heads()) keys.forEach((key, place) => places.set(`${name}/${key}`, place));
    return found.sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
  };
  item = async (id: string): Promise<Carried | undefined> => this.carry?.get("items", id);
  picture = async (pk: number) => this.carry?.get("pictures", pk);
  keepPicture = async (pk: number, bytes: ArrayBuffer, type: string) => void (await this.carry?.put("pictures", { pk, bytes, type }));

  /** {bundle: {key: version}} of what is here. */
  async has(): Promise<Record<string, Record<string, string>>> {
    const found: Record<string, Record<string, string>> = {};
    for (const item of await this.items()) (found[item.bundle] ??= {})[item.key] = item.version;
    return found;
  }

  /** Takes a difference over, all of it or nothing. */
  async renew(bundles: (BundleHead & { changed: { key: string; version: string; data: Carried["data"] }[]; gone: string[] })[], offers: Offer[]) {
    if (!this.carry) return;
    const changing = this.carry.transaction(["items", "bundles", "offers"], "readwrite");
    const items = changing.objectStore("items");
    const named = new Set(bundles.map((bundle) => bundle.name));
    for (const id of await items.getAllKeys()) if (!named.has(id.slice(0, id.indexOf("/")))) void items.delete(id);
    void changing.objectStore("bundles").clear();
    void changing.objectStore("offers").clear();
    for (const { changed, gone, ...head } of bundles) {
      void changing.objectStore("bundles").put(head);
      for (const key of gone) void items.delete(`${head.name}/${key}`);
      for (const each of changed) void items.put({ id: `${head.name}/${each.key}`, bundle: head.name, ...each });
    }
    for (const offer of offers) void changing.objectStore("offers").put(offer);
    await changing.done;
  }

  // --- what the person wrote ------------------------------------------------------------------------------------
  drafts = async (): Promise<Draft[]> => (this.work ? this.work.getAll("drafts") : []);
  draft = async (key: string): Promise<Draft | undefined> => this.work?.get("drafts", key);
  outbox = async (): Promise<Sending[]> =>
    this.work ? (await this.work.getAll("outbox")).sort((a, b) => a.made_at.localeCompare(b.made_at)) : [];
  sending = async (key: string): Promise<Sending | undefined> => this.work?.get("outbox", key);
  file = async (key: string): Promise<Kept | undefined> => this.work?.get("files", key);

  private async put(store: "drafts" | "outbox" | "files", value: never): Promise<void> {
    if (!this.work) return;
    const writing = this.work.transaction(store, "readwrite", ONTO_DISK);
    void writing.store.put(value);
    await writing.done;
  }
  keepDraft = (draft: Draft) => this.put("drafts", draft as never);
  keepSending = (sending: Sending) => this.put("outbox", sending as never);
  keepFile = (file: Kept) => this.put("files", file as never);

  /** The draft becomes a sending in one step: at no moment is it neither or both. */
  async handIn(sending: Sending): Promise<void> {
    const moving = this.work!.transaction(["drafts", "outbox"], "readwrite", ONTO_DISK);
    void moving.objectStore("drafts").delete(sending.key);
    void moving.objectStore("outbox").put(sending);
    await moving.done;
  }

  /** Back from the queue to be corrected: the same thing under the same key. */
  async takeBack(sending: Sending): Promise<void> {
    const moving = this.work!.transaction(["drafts", "outbox"], "readwrite", ONTO_DISK);
    void moving.objectStore("outbox").delete(sending.key);
    void moving.objectStore("drafts").put(sending.draft);
    await moving.done;
  }

  async dropDraft(key: string): Promise<void> {
    await this.work?.delete("drafts", key);
    await this.sweep();
  }

  async dropSending(key: string): Promise<void> {
    await this.work?.delete("outbox", key);
    await this.sweep();
  }

  /** Removes pictures that nothing names any more. */
  async sweep(): Promise<void> {
    if (!this.work) return;
    const named = new Set((await this.outbox()).flatMap((sending) => (finished(sending) ? [] : sending.files)));
    for (const draft of await this.drafts()) for (const key of filesOf(draft)) named.add(key);
    for (const key of await this.work.getAllKeys("files")) if (!named.has(key)) await this.work.delete("files", key);
  }
}

export const finished = (sending: Sending): boolean => sending.state === "applied" || sending.state === "settled";

/** Ids of the files among the answers of a draft: pictures, voice and signatures, also those in a detail. */
export function filesOf(draft: Pick<Draft, "form" | "answers" | "details">): string[] {
  const found: string[] = [];
  const look = (questions: Draft["form"]["questions"], answers: Record<string, unknown>) => {
    for (const question of questions) {
      const answer = answers[question.name];
      if (["photos", "voice", "signature"].includes(question.kind) && Array.isArray(answer)) found.push(...(answer as string[]));
      if (question.detail && answer === "not") look(question.detail, draft.details[question.name] ?? {});
    }
  };
  look(draft.form.questions, draft.answers);
  return found;
}
