/** Spoken words: recorded until stopped, at most one minute, small. */
export const LONGEST = 60_000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export type Recording = { stop: () => void; done: Promise<Blob | null> };

/** Errors: what the browser says when there is no microphone or it was not allowed. */
export async function record(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 24_000 });
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", (event) => event.data.size && parts.push(event.data));
  const done = new Promise<Blob | null>((answer) => {
    recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      answer(parts.length ? new Blob(parts, { type: (mimeType ?? "audio/webm").split(";")[0] }) : null);
    });
  });
  recorder.start(1000);
  const stop = () => recorder.state !== "inactive" && recorder.stop();
  setTimeout(stop, LONGEST);
  return { stop, done };
}
