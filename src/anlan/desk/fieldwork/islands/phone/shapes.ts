/** What the platform gives and what the phone keeps. The first half mirrors declare.py. */
export type Answer = unknown;
export type Answers = Record<string, Answer>;
export type Choice = { value: string; title: string };
export type Question = {
  name: string; title: string; kind: string; help?: string; clause?: string; required?: boolean; choices?: Choice[];
  bundle?: string;   unit?: string; least?: number; most?: number; detail?: Question[]; before?: number[]; value?: Answer; group?: string;
};
export type Form = { is: "form"; key: string; title: string; about?: string; questions: Question[] };
export type Task = {
  is: "task"; key: string; title: string; form: string; submission: string; about?: string; due_at?: string; fixed?: Answers;
  answers?: Answers; details?: Record<string, Answers>; lon?: number; lat?: number; level?: number;
};
export type Page = {
  is: "page"; key: string; title: string; about?: string; lines?: [string, string][]; text?: string; level?: number;
  deeds?: [string, string, Answers][];
};
export type Item = Form | Task | Page;
export type Offer = { name: string; title: string; form: Form | null; on_home: boolean };
export type Carried = { id: string; bundle: string; key: string; version: string; data: Item };
export type BundleHead = { name: string; title: string; order: number; cut: boolean; keys: string[] };

export type Place = { lon: number; lat: number; accuracy: number | null };
/** Something begun and not yet handed in. `source`: what it was begun from, so that a second tap continues it. */
export type Draft = {
  key: string; source: string; submission: string; title: string; form: Form; fixed: Answers; base: Answers;
  answers: Answers; details: Record<string, Answers>; begun_at: string; changed_at: string;
};
export type Sending = {
  key: string; name: string; title: string; answers: Answers; details: Record<string, Answers>; fixed: Answers; base: Answers;
  files: string[]; made_at: string; place: Place | null; state: State; reason: string; words: string; url: string;
  fields: Record<string, [Answer, Answer]>; tries: number; next_at: number; draft: Draft; progress: number;
};
/** waiting: to be sent; letter, conflict: the platform has it and says why it is not done; applied, settled: finished. */
export type State = "waiting" | "letter" | "conflict" | "applied" | "settled" | "refused";
export type Kept = {
  key: string; name: string; type: string; size: number; digest: string; made_at: string; place: Place | null; bytes: ArrayBuffer;
  done: boolean;
};
export type User = { id: number; name: string; username: string };
export type Words = Record<string, string>;
