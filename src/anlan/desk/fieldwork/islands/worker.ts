/** The service worker: keeps the files the app is made of, and nothing else. What is somebody's lies in the app's own
 *  store, where signing out removes it. The platform puts the list in front of this file (`ANLAN`). */
type Shell = { version: string; shell: string[] };
const worker = self as unknown as ServiceWorkerGlobalScope & { ANLAN: Shell };
const NAME = `anlan-phone-${worker.ANLAN.version}`;
const shell = new Set(worker.ANLAN.shell);

interface ServiceWorkerGlobalScope {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(kind: string, heard: (event: Lasting & Fetching) => void): void;
}
type Lasting = { waitUntil(work: Promise<unknown>): void };
type Fetching = { request: Request; respondWith(answer: Promise<Response>): void };

async function install(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.addAll([...shell].map((address) => new Request(address, { cache: "reload" })));
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith("anlan-phone-") && name !== NAME) await caches.delete(name);
  await worker.clients.claim();
}

async function answer(request: Request, path: string): Promise<Response> {
  return (await (await caches.open(NAME)).match(path)) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method === "GET" && origin === self.location.origin && shell.has(pathname)) event.respondWith(answer(request, pathname));
});

export {};
