/** What came of a training. */

import { element } from "../dom.js";
import { openModule } from "../try/open.js";
import { modelForm } from "../try/form.js";

const TYPES = { html: "text/html", json: "application/json", wasm: "application/wasm", toml: "application/toml" };
/** What each file is. */
const FILES = {
  "model.safetensors": "the model file",
  "report.html": "the report",
  "report.json": "the same for programs",
  "schema.toml": "the columns, to edit and give back",
  "provenance.json": "how the model was made",
  "bom.json": "what is in the module",
};

/**
 * The result, with a form to try the model.
 *
 * @param {import("./job.js").Trained} trained
 * @param {string} command the same training with wasmtime
 * @returns {Promise<HTMLElement>}
 */
export async function resultOf(trained, command) {
  const { name, files, sha256, page, summary, seconds } = trained;
  const library = `${name}-inference.lib.wasm`;
  const module = `${name}-inference.wasm`;
  const headline = summary.split("\n").filter(Boolean);
  const measured = headline.findIndex((line) => line.startsWith("measured"));
  const opened = await openModule(files.get(library), library);
  const others = [...files.keys()].filter((file) => file !== module && file !== library);
  const report = element("iframe", { class: "report", sandbox: "", title: `Report on the model ${name}`, srcdoc: page });
  return element(
    "div",
    { class: "result" },
    element("h2", {}, `The model ${name} is ready`),
    ...headline.slice(Math.max(measured - 1, 0), measured + 1).map((line) => element("p", {}, line)),
    element("p", { class: "small" }, `Trained in ${seconds.toFixed(1)} s in this page.`),
    element(
      "div",
      { class: "buttons" },
      download(module, files, "Download module", "main"),
      download(library, files, "Download library form"),
    ),
    element("h3", {}, "The same model on the command line"),
    element("p", {}, "Anybody who trains on the same data with the same seed gets the same bytes. This command gives a model file with the digest below:"),
    element("pre", { tabindex: 0, role: "group", "aria-label": "Command" }, element("code", {}, command)),
    element("p", {}, "SHA-256 of model.safetensors: ", element("code", { "data-digest": "" }, sha256)),
    element("details", {}, element("summary", {}, "All files"), element("ul", {}, ...others.map((file) => element("li", {}, download(file, files, file), FILES[file] ? `: ${FILES[file]}` : "")))),
    element("h3", {}, "Try it"),
    modelForm(opened, { heading: "h4" }),
    element("h3", {}, "Report"),
    report,
  );
}

function download(file, files, text, classes) {
  const type = TYPES[file.split(".").at(-1)] ?? "application/octet-stream";
  const click = () => {
    const href = URL.createObjectURL(new Blob([files.get(file)], { type }));
    element("a", { href, download: file }).click();
    // The browser has begun to save by then.
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  };
  return element("button", { type: "button", class: classes, click }, text);
}
