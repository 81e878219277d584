/** What makes the page work without a network: a service worker keeps its files. */

import { element } from "./dom.js";

const BASE = new URL("../", import.meta.url);

/**
 * Starts the service worker, and offers to keep all files.
 *
 * @param {HTMLElement} place where it is told
 */
export async function startOffline(place) {
  if (!("serviceWorker" in navigator)) {
    place.textContent = "This browser cannot keep the page for use without a network: that needs HTTPS or localhost.";
    return;
  }
  try {
    await navigator.serviceWorker.register(new URL("sw.js", BASE), { updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    const { version, files } = await (await fetch(new URL("files.json", BASE))).json();
    const cache = await caches.open(`burn-algorithms ${BASE.pathname} ${version}`);
    // What came before the worker was there has not passed through it.
    const used = new Set(performance.getEntriesByType("resource").map(({ name }) => name));
    await keep(cache, files.filter(({ path }) => used.has(new URL(path, BASE).href)));
    await offerRest(place, cache, files);
  } catch (error) {
    place.textContent = `The page could not be kept for use without a network: ${error.message}`;
  }
}

async function offerRest(place, cache, files) {
  const missing = await missingIn(cache, files);
  if (missing.length === 0) {
    place.textContent = "All of the page works without a network.";
    return;
  }
  const size = (missing.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1);
  const button = element("button", { type: "button" }, `Keep the rest as well (${size} MB)`);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await keep(cache, files, (number, count) => (button.textContent = `Keeping file ${number} of ${count}…`));
      await offerRest(place, cache, files);
    } catch (error) {
      button.disabled = false;
      button.textContent = `That failed (${error.message}): try again`;
    }
  });
  place.replaceChildren("Without a network, the page works with what you have opened so far. ", button);
}

/** Puts those of `files` into the cache that are not there yet. */
async function keep(cache, files, progress = () => {}) {
  const missing = await missingIn(cache, files);
  for (const [place, { path }] of missing.entries()) {
    progress(place + 1, missing.length);
    await cache.add(new Request(new URL(path, BASE), { cache: "no-cache" }));
  }
}

async function missingIn(cache, files) {
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  return files.filter(({ path }) => !kept.has(new URL(path, BASE).href));
}
