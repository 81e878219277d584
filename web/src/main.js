/** The page: which part of it is shown, by the fragment of its address. */

import { element } from "./dom.js";
import { startOffline } from "./offline.js";

/** Each part, and the module that makes it. It is loaded when it is first shown. */
const PARTS = {
  digit: { title: "Digit", load: () => import("./try/digit.js") },
  flower: { title: "Flower", load: () => import("./try/shipped.js"), name: "iris" },
  wine: { title: "Wine", load: () => import("./try/shipped.js"), name: "wine-quality" },
  news: { title: "News", load: () => import("./try/shipped.js"), name: "agnews" },
  own: { title: "Your module", load: () => import("./try/own.js") },
  train: { title: "Train", load: () => import("./train/view.js") },
};
const FIRST = "digit";

const main = document.getElementById("main");
/** The parts that have been shown: what a visitor entered there stays. */
const shown = new Map();

async function show(isFirst) {
  const fragment = location.hash.slice(1);
  const key = Object.hasOwn(PARTS, fragment) ? fragment : FIRST;
  const part = PARTS[key];
  let filled;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${key}`) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
  document.title = `${part.title}: small models in your browser`;
  if (!shown.has(key)) {
    const place = element("section", { "aria-busy": "true" }, element("p", {}, "Loading…"));
    shown.set(key, place);
    filled = fillPart(key, part, place);
  }
  main.replaceChildren(shown.get(key));
  if (!isFirst) {
    main.focus({ preventScroll: true });
  }
  await filled;
}

async function fillPart(key, part, place) {
  try {
    const { view } = await part.load();
    place.replaceChildren(await view(part.name));
  } catch (error) {
    shown.delete(key);
    const again = () => {
      place.replaceChildren(element("p", {}, "Loading…"));
      shown.set(key, place);
      fillPart(key, part, place);
    };
    place.replaceChildren(
      element("p", { class: "error", role: "alert" }, `This part of the page cannot be loaded: ${error.message}`),
      element("button", { type: "button", click: again }, "Try again"),
    );
  } finally {
    place.removeAttribute("aria-busy");
  }
}

// The fragment names a part of the page, so the link must not change it.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
// A file that is dropped beside its place must not take the page away.
for (const name of ["dragover", "drop"]) {
  addEventListener(name, (event) => event.preventDefault());
}
addEventListener("hashchange", () => show(false));
await show(true);
// Only now, so that what it keeps does not delay what is shown.
await startOffline(document.getElementById("offline"));
