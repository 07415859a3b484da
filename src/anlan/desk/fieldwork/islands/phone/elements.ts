/** Elements in one line: `h("button.big", { type: "button", onclick }, "保存")`. Text is always text, never markup. */
type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, unknown>;

export function h<T extends HTMLElement = HTMLElement>(tag: string, attributes: Attributes | null, ...children: (Child | Child[])[]): T {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name) as T;
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value as EventListener);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) element.append(child as Node | string);
  return element;
}

/** The icons of the app as paths of one stroke (24 by 24), drawn by us. */
const PATHS: Record<string, string> = {
  home: "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
  read: "M5 4h10a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM9 9h5M9 13h5",
  send: "M4 12 20 5l-5 15-4-6zM11 14l4-4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M5 20c1-4 4-5 7-5s6 1 7 5",
  back: "M15 5l-7 7 7 7",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 16a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
  voice: "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4M6 11a6 6 0 0 0 12 0M12 17v3",
  pen: "M4 20l1-5L16 4l4 4L9 19z",
  place: "M12 21c5-6 7-9 7-12a7 7 0 0 0-14 0c0 3 2 6 7 12M12 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4",
  alert: "M12 4 3 19h18zM12 10v4M12 16.5v.5",
  yes: "M5 13l4 4L19 7",
  no: "M6 6l12 12M18 6 6 18",
  none: "M6 12h12",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.4 1.4M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3 2",
};

export function icon(name: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
