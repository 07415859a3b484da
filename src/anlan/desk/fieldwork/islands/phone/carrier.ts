/** Fetches what changed since the last contact, and what became of what was sent. */
import type { Line } from "./line";
import { take, type Fate } from "./queue";
import type { BundleHead, Carried, Item, Offer } from "./shapes";
import { finished, type Store } from "./store";

type Difference = BundleHead & { changed: { key: string; version: string; data: Carried["data"] }[]; gone: string[] };
type Answer = { bundles: Difference[]; submissions: Offer[]; sent: Fate[] };
const KEPT_FOR = 7 * 86_400_000; // what is finished stays visible so long
const MOST_PICTURES = 60;

export class Carrier {
  constructor(private store: Store, private line: Line) {}

  async sync(): Promise<void> {
    const outbox = await this.store.outbox();
    const asked = outbox.filter((sending) => !finished(sending) && sending.state !== "refused").map((sending) => sending.key);
    const answer = await this.line.post<Answer>("sync/", { has: await this.store.has(), sent: asked });
    await this.store.renew(answer.bundles, answer.submissions);
    for (const fate of answer.sent) {
      const sending = await this.store.sending(fate.key);
      if (!sending || sending.state === fate.state) continue;
      take(sending, fate);
      await this.store.keepSending(sending);
    }
    for (const sending of outbox) {
      if (finished(sending) && Date.now() - Date.parse(sending.made_at) > KEPT_FOR) await this.store.dropSending(sending.key);
    }
    await this.pictures();
  }

  /** Older pictures that forms show beside the new ones. */
  private async pictures(): Promise<void> {
    const wanted = new Set((await this.store.items()).flatMap(({ data }) => picturesOf(data)));
    for (const pk of [...wanted].slice(0, MOST_PICTURES)) {
      if (await this.store.picture(pk)) continue;
      const found = await this.line.bytes(`/documents/${pk}/preview/`);
      if (found) await this.store.keepPicture(pk, found.bytes, found.type);
    }
  }
}

function picturesOf(item: Item): number[] {
  if (item.is === "form") return item.questions.flatMap((each) => [each, ...(each.detail ?? [])]).flatMap((each) => each.before ?? []);
  const fixed = item.is === "page" ? (item.deeds ?? []).map(([, , given]) => given) : [item.fixed ?? {}];
  return fixed.flatMap((given) => (given?.before as number[] | undefined) ?? []);
}
