/** A sheet of glass to draw on with a finger: over a picture, or empty for a signature. Answers the finished picture, or
 *  null when it was given up. */
import { asJpeg } from "./pictures";
import { h } from "./elements";
import type { Words } from "./shapes";

type Stroke = { x: number; y: number }[];
type Sheet = { ground: Blob | null; title: string; colour: string; width: number };

export async function draw(words: Words, { ground, title, colour, width }: Sheet): Promise<Blob | null> {
  const picture = ground && (await createImageBitmap(ground));
  const canvas = h<HTMLCanvasElement>("canvas.sheet", { role: "img", "aria-label": title, tabindex: 0 });
  canvas.width = picture ? picture.width : 1000;
  canvas.height = picture ? picture.height : 500;
  const strokes: Stroke[] = [];
  const context = canvas.getContext("2d")!;
  const show = () => {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (picture) context.drawImage(picture, 0, 0);
    Object.assign(context, { strokeStyle: colour, lineWidth: (width * canvas.width) / 1000, lineCap: "round", lineJoin: "round" });
    for (const stroke of strokes) {
      context.beginPath();
      stroke.forEach(({ x, y }, index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
      if (stroke.length === 1) context.lineTo(stroke[0].x + 0.1, stroke[0].y);
      context.stroke();
    }
  };
  follow(canvas, strokes, show);
  show();
  return new Promise((answer) => {
    const end = async (done: boolean) => {
      const made = done && strokes.length ? await asJpeg(canvas, 0.8) : null;
      picture?.close();
      dialog.close();
      dialog.remove();
      answer(made);
    };
    const undo = () => (strokes.pop(), show());
    const dialog = h<HTMLDialogElement>(
      "dialog.glass",
      { "aria-label": title, oncancel: (event: Event) => (event.preventDefault(), void end(false)) },
      h("h2", null, title),
      canvas,
      h(
        "div.glass-buttons",
        null,
        h("button.plain", { type: "button", onclick: () => void end(false) }, words.cancel),
        h("button.plain", { type: "button", onclick: undo }, words.undo),
        h("button.main", { type: "button", onclick: () => void end(true) }, words.done),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

function follow(canvas: HTMLCanvasElement, strokes: Stroke[], show: () => void): void {
  const at = (event: PointerEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * canvas.width, y: ((event.clientY - box.top) / box.height) * canvas.height };
  };
  let drawing = false;
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    strokes.push([at(event)]);
    show();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    strokes[strokes.length - 1].push(at(event));
    show();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (drawing = false));
}
