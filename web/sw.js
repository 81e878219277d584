/** Keeps the files of the page, so that it works without a network. */

importScripts("files.js");

const { version, files } = self.FILES;
const base = new URL("./", self.location);
/** What the names of this page's caches begin with: another copy may lie beside it. */
const PREFIX = `burn-algorithms ${base.pathname} `;
const CACHE = PREFIX + version;

self.addEventListener("install", (event) => {
  const first = files.filter(({ isFirst }) => isFirst).map(({ path }) => new Request(new URL(path, base), { cache: "no-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(first)));
});

self.addEventListener("activate", (event) => {
  const clear = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "GET" && url.href.startsWith(base.href)) {
    event.respondWith(answer(event));
  }
});

/** What is kept, or else what the server has, which is kept then. */
async function answer(event) {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const isPage = request.mode === "navigate";
  const kept = await cache.match(isPage ? base : request, { ignoreSearch: true });
  if (kept) {
    return kept;
  }
  const response = await fetch(isPage ? base : request, { cache: "no-cache" });
  if (response.status === 200 && !response.redirected) {
    // Without room for it, the page still has it.
    event.waitUntil(cache.put(isPage ? base : request, response.clone()).catch(() => {}));
  }
  return response;
}
