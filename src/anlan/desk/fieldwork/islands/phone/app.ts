/** The app as a whole: which screen stands, who is using it, and when the platform is spoken to. */
import { Attachments } from "./attachments";
import { Carrier } from "./carrier";
import { handedIn } from "./checking";
import { h } from "./elements";
import { FormScreen } from "./form";
import { Cut, Line, type Me } from "./line";
import { Whereabouts } from "./place";
import { Queue, decided } from "./queue";
import { home } from "./screens/home";
import { mine } from "./screens/mine";
import { outbox } from "./screens/outbox";
import { item, library } from "./screens/reading";
import { frame, notice } from "./screens/frame";
import type { Answers, Draft, Form, Sending, Task, User, Words } from "./shapes";
import { Store } from "./store";
import { filled, read } from "./words";

const TRY_AGAIN = 15_000;
const DAY = 86_400_000;
export type Look = "auto" | "sun" | "dark";

export class App {
  readonly words: Words;
  store!: Store;
  line!: Line;
  queue!: Queue;
  carrier!: Carrier;
  where = new Whereabouts();
  online = navigator.onLine;
  signedOut = false;
  syncing = false;
  private asked = false;
  private root: HTMLElement;
  private fresh = new Map<string, Draft>(); // begun, but nothing answered yet
  private drawn = 0;

  constructor(private page: Document) {
    this.words = read(page);
    this.root = page.getElementById("phone")!;
  }

  address = (name: "home" | "signIn" | "signOut"): string => this.page.body.dataset[name]!;

  async start(): Promise<void> {
    await this.open();
    if ("serviceWorker" in navigator) void navigator.serviceWorker.register(this.page.body.dataset.worker!, { scope: this.address("home") });
    void navigator.storage?.persist?.(); // what waits must not be cleared away when the phone runs full
    addEventListener("hashchange", () => void this.show());
    addEventListener("online", () => void this.contact());
    addEventListener("offline", () => this.wentOnline(false));
    this.page.addEventListener("visibilitychange", () => this.page.visibilityState === "visible" && void this.contact());
    setInterval(() => void this.queue.run(), TRY_AGAIN);
    await this.show();
    await this.contact();
  }

  private async open(): Promise<void> {
    this.store = await Store.open(() => location.reload());
    this.look((await this.store.note<Look>("look")) ?? "auto");
    this.line = new Line(this.address("home"), this.store.device);
    this.carrier = new Carrier(this.store, this.line);
    this.queue = new Queue(this.store, this.line, {
      changed: () => void this.refresh(),
      signedOut: () => ((this.signedOut = true), void this.refresh()),
      forgotten: () => void this.forgotten(),
      online: (yes) => this.wentOnline(yes),
    });
    await this.store.sweep();
  }

  // --- speaking with the platform -----------------------------------------------------------------------------------
  /** Who is signed in, what has changed, and whatever waits. Without a network nothing happens. */
  async contact(): Promise<void> {
    if (this.syncing) return void (this.asked = true); // somebody taps "send now" while one is under way: once more after it
    this.syncing = true;
    try {
      const me = await this.line.me();
      this.wentOnline(true);
      if (await this.heard(me)) {
        await this.carrier.sync();
        await this.store.remember("contact", { at: Date.now(), days: me.offline_days });
        void this.queue.run(true).then(() => this.refresh());
      }
    } catch (error) {
      if (error instanceof Cut) this.wentOnline(false);
      else if (error instanceof Error && error.name === "Forgotten") await this.forgotten();
      await this.expire();
    } finally {
      this.syncing = false;
    }
    await this.refresh();
    if (this.asked) {
      this.asked = false;
      await this.contact();
    }
  }

  /** Whether there is somebody to work for. Another person than before gets his own store; the first one's work stays. */
  private async heard(me: Me): Promise<boolean> {
    if (me.forget) await this.forgotten();
    this.signedOut = !me.user;
    if (!me.user) return false;
    if (me.user.id !== this.store.user?.id || me.user.name !== this.store.user.name) await this.becomes(me.user);
    return true;
  }

  private async becomes(user: User | null): Promise<void> {
    await this.store.becomes(user);
    this.store.close();
    this.fresh.clear();
    await this.open();
    if (user) await this.line.me();
    location.hash = "";
    await this.show();
  }

  private async forgotten(): Promise<void> {
    await this.store.forget();
    await this.becomes(null);
  }

  /** Too long without contact: what was carried is forgotten, what was written stays. */
  private async expire(): Promise<void> {
    const contact = await this.store.note<{ at: number; days: number }>("contact");
    if (!contact || Date.now() - contact.at < contact.days * DAY) return;
    const { user } = this.store;
    await this.store.forget();
    this.store.close();
    await this.open();
    notice(this.root, filled(this.words.expired, { days: contact.days, name: user?.name ?? "" }));
  }

  async signOut(): Promise<void> {
    await this.line.signOut(this.address("signOut"));
    const left = (await this.store.outbox()).some((sending) => sending.state !== "applied" && sending.state !== "settled");
    await this.store.forget(!left && !(await this.store.drafts()).length);
    await this.store.becomes(null);
    location.assign(this.address("signIn") + "?next=" + encodeURIComponent(this.address("home")));
  }

  private wentOnline(yes: boolean): void {
    if (this.online === yes) return;
    this.online = yes;
    void this.refresh();
  }

  // --- beginning and finishing --------------------------------------------------------------------------------------
  async beginTask(id: string): Promise<void> {
    const task = (await this.store.item(id))?.data as Task | undefined;
    const form = task && ((await this.store.item(task.form))?.data as Form | undefined);
    if (!task || !form) return notice(this.root, this.words.noForm);
    const { submission, title, fixed = {}, answers = {}, details = {} } = task;
    await this.begin({ source: id, submission, title, form, fixed, base: answers, answers, details });
  }

  async beginOffer(name: string, fixed: Answers = {}, about = ""): Promise<void> {
    const offer = (await this.store.offers()).find((each) => each.name === name);
    if (!offer?.form) return notice(this.root, this.words.noForm);
    const title = about ? `${offer.title}：${about}` : offer.title;
    const answers = Object.fromEntries(offer.form.questions.filter((each) => each.value !== undefined).map((each) => [each.name, each.value]));
    await this.begin({ source: "", submission: name, title, form: offer.form, fixed, base: {}, answers, details: {} });
  }

  private async begin(from: Omit<Draft, "key" | "begun_at" | "changed_at">): Promise<void> {
    const continued = from.source && (await this.store.drafts()).find((draft) => draft.source === from.source);
    const sent = from.source && (await this.store.outbox()).find((sending) => sending.draft.source === from.source && sending.state !== "settled");
    if (sent && sent.state !== "applied") return void (location.hash = "#/outbox");
    const now = new Date().toISOString();
    const form = { ...from.form, questions: from.form.questions.filter((question) => !(question.name in from.fixed)) };
    const draft = continued || { ...structuredClone({ ...from, form }), key: crypto.randomUUID(), begun_at: now, changed_at: now };
    this.fresh.set(draft.key, draft);
    location.hash = `#/form/${draft.key}`;
  }

  private async handIn(draft: Draft): Promise<void> {
    await this.store.handIn(handedIn(draft, this.where.now(), new Date()));
    this.fresh.delete(draft.key);
    this.where.end();
    location.replace("#/");
    await this.queue.run();
    await this.told(draft.key);
  }

  /** What became of what was just handed in, and the news it brings. */
  private async told(key: string): Promise<void> {
    const sending = await this.store.sending(key);
    if (!sending) return;
    const done = sending.state === "applied";
    notice(this.root, done ? sending.words : sending.state === "waiting" ? this.words.kept : sending.reason);
    if (done) await this.contact();
    await this.refresh();
  }

  async takeBack(sending: Sending): Promise<void> {
    await this.store.takeBack(sending);
    location.hash = `#/form/${sending.key}`;
  }

  async decide(sending: Sending, own: Set<string>): Promise<void> {
    await this.store.keepSending(decided(sending, own));
    await this.queue.run(true);
    await this.refresh();
  }

  async retry(sending: Sending): Promise<void> {
    await this.store.keepSending({ ...sending, state: "waiting", next_at: 0 });
    await this.queue.run();
    await this.refresh();
  }

  // --- screens --------------------------------------------------------------------------------------------------------
  look(look: Look): void {
    this.page.documentElement.dataset.look = look;
  }

  /** Shows again what stands, unless somebody is writing in it. */
  async refresh(): Promise<void> {
    if (!location.hash.startsWith("#/form/")) await this.show();
  }

  private async show(): Promise<void> {
    const turn = ++this.drawn;
    const [, name = "", ...rest] = decodeURIComponent(location.hash).split("/");
    if (name !== "form") this.where.end();
    const scrolled = scrollY, before = this.root.dataset.screen;
    const screen = await this.screen(name, rest.join("/"));
    if (turn !== this.drawn) return; // a later one was asked for meanwhile
    this.root.dataset.screen = location.hash;
    this.root.replaceChildren(screen, ...this.root.querySelectorAll(":scope > .notice"));
    scrollTo(0, before === location.hash ? scrolled : 0);
  }

  private async screen(name: string, rest: string): Promise<HTMLElement> {
    if (!this.store.user) return this.stranger();
    if (name === "form") return this.form(rest);
    if (name === "read") return frame(this, "read", await library(this, rest));
    if (name === "item") return frame(this, "read", await item(this, rest));
    if (name === "outbox") return frame(this, "outbox", await outbox(this));
    if (name === "mine") return frame(this, "mine", await mine(this));
    return frame(this, "home", await home(this));
  }

  private stranger(): HTMLElement {
    const enter = h("a.main.button", { href: `${this.address("signIn")}?next=${encodeURIComponent(this.address("home"))}` }, this.words.signIn);
    return h("main.stranger", null, h("h1", null, this.words.title), h("p", null, this.online ? this.words.first : this.words.firstOffline), enter);
  }

  private async form(key: string): Promise<HTMLElement> {
    const draft = this.fresh.get(key) ?? (await this.store.draft(key));
    if (!draft) return frame(this, "home", await home(this));
    this.where.begin();
    const attachments = new Attachments(this.store, this.where, this.words);
    const items = (bundle: string) => this.store.items(bundle);
    const around = { words: this.words, items, save: this.store.keepDraft, handIn: (done: Draft) => this.handIn(done), attachments };
    return frame(this, "form", [new FormScreen(draft, around).element], draft.title);
  }
}
