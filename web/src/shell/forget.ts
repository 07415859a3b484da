/** Signing out on any page forgets what the app on this phone carries. What was written and not yet sent stays. The page
 *  that asks to sign out may be gone before the wiping is through: the one that follows does it again. */
export function forget(page: Document): void {
  page.addEventListener("submit", (event) => {
    if ((event.target as HTMLFormElement).action.endsWith("/sign-out/")) void wipe();
  });
  if (new URLSearchParams(page.location.search).get("why") === "left") void wipe();
}

async function wipe(): Promise<void> {
  const known = (await indexedDB.databases()).map(({ name }) => name ?? "");
  for (const name of known) if (name.startsWith("anlan-carry-")) indexedDB.deleteDatabase(name);
  if (!known.includes("anlan-phone")) return;
  indexedDB.open("anlan-phone").onsuccess = ({ target }) => {
    const phone = (target as IDBOpenDBRequest).result;
    phone.transaction("notes", "readwrite").objectStore("notes").delete("user");
  };
}
