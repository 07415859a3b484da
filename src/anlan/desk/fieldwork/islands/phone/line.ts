/** The line to the platform. No network, a network that gives up half way and a server that does not answer are one thing:
 *  `Cut`. Everything else is an answer. */
import type { User } from "./shapes";

export class Cut extends Error {}
export class SignedOut extends Error {}
export class Forgotten extends Error {}
export class Refusal extends Error {
  constructor(readonly status: number, message: string, readonly body: Record<string, unknown>) {
    super(message);
  }
}

export type Me = { user: User | null; forget?: boolean; token?: string; offline_days?: number; duty?: string };
const PATIENCE = 25_000;

export class Line {
  private token = "";
  constructor(private base: string, readonly device: string) {}

  async me(): Promise<Me> {
    const me = (await this.ask("GET", `me/?device=${this.device}`)) as Me;
    this.token = me.token ?? "";
    return me;
  }

  post<T>(path: string, message: object): Promise<T> {
    return this.change("POST", path, JSON.stringify({ device: this.device, ...message }), { "Content-Type": "application/json" }) as Promise<T>;
  }

  piece<T>(path: string, offset: number, bytes: ArrayBuffer): Promise<T> {
    const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) };
    return this.change("PUT", path, bytes, headers) as Promise<T>;
  }

  async bytes(address: string): Promise<{ bytes: ArrayBuffer; type: string } | null> {
    const answer = await this.reach(address, {});
    return answer.ok ? { bytes: await answer.arrayBuffer(), type: answer.headers.get("Content-Type") ?? "" } : null;
  }

  async signOut(address: string): Promise<void> {
    if (!this.token) await this.me();
    await this.reach(address, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": this.token } });
  }

  /** With the token; fetched anew once, for signing in again in another tab makes another. */
  private async change(method: string, path: string, body: BodyInit, headers: Record<string, string>): Promise<unknown> {
    if (!this.token && !(await this.me()).user) throw new SignedOut();
    try {
      return await this.ask(method, path, body, { ...headers, "X-CSRFToken": this.token });
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.status !== 403) throw refusal;
      const before = this.token;
      if (!(await this.me()).user) throw new SignedOut();
      if (this.token === before) throw refusal;
      return this.ask(method, path, body, { ...headers, "X-CSRFToken": this.token });
    }
  }

  private async ask(method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}): Promise<unknown> {
    const answer = await this.reach(this.base + path, { method, body, headers: { Accept: "application/json", ...headers } });
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return said;
    if (answer.status === 401) throw new SignedOut();
    if (answer.status >= 500 || answer.status === 429) throw new Cut(said.error ?? String(answer.status));
    if (said.forget) throw new Forgotten(said.error);
    throw new Refusal(answer.status, said.error ?? String(answer.status), said);
  }

  private async reach(address: string, options: RequestInit): Promise<Response> {
    try {
      return await fetch(address, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
    } catch (error) {
      throw new Cut(String(error));
    }
  }
}
