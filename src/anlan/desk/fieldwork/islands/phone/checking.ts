/** What still lacks before a form can be handed in. Pure. */
import type { Answer, Answers, Draft, Question, Sending } from "./shapes";
import { filesOf } from "./store";

export const given = (answer: Answer): boolean =>
  answer !== undefined && answer !== null && answer !== "" && !(Array.isArray(answer) && !answer.length);

/** Names of questions that must be answered and are not, or hold a number outside its limits; "a.b" for a detail. */
export function lacking(draft: Pick<Draft, "form" | "answers" | "details">): string[] {
  return draft.form.questions.flatMap((question) => {
    const answer = draft.answers[question.name];
    const inner = question.kind === "verdict" && answer === "not" ? (question.detail ?? []) : [];
    const below = inner.filter((each) => lacks(each, draft.details[question.name] ?? {}));
    return [...(lacks(question, draft.answers) ? [question.name] : []), ...below.map((each) => `${question.name}.${each.name}`)];
  });
}

function lacks(question: Question, answers: Answers): boolean {
  const answer = answers[question.name];
  if (!given(answer)) return Boolean(question.required);
  if (question.kind !== "number") return false;
  const value = Number(answer);
  return !Number.isFinite(value) || value < (question.least ?? -Infinity) || value > (question.most ?? Infinity);
}

export const answered = (draft: Pick<Draft, "form" | "answers">): number =>
  draft.form.questions.filter((question) => given(draft.answers[question.name])).length;

/** The draft as it is handed in. Details of verdicts that were changed back stay on the phone. Pure but for the time. */
export function handedIn(draft: Draft, place: Sending["place"], now: Date): Sending {
  const opened = draft.form.questions.filter((question) => question.detail && draft.answers[question.name] === "not");
  const details = Object.fromEntries(opened.map(({ name }) => [name, draft.details[name] ?? {}]));
  const { key, submission: name, title, fixed, base } = draft;
  const answers = Object.fromEntries(Object.entries(draft.answers).filter(([, answer]) => given(answer)));
  const fresh = { state: "waiting" as const, reason: "", words: "", url: "", fields: {}, tries: 0, next_at: 0, progress: 0 };
  return { key, name, title, fixed, base, answers, details, files: filesOf(draft), made_at: now.toISOString(), place, draft, ...fresh };
}
