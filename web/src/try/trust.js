/** What a module can do, and how it was made. */

import { element } from "../dom.js";

/** What each function of WASI that a command may import is for. */
const CALLS = {
  args_get: "its command line",
  args_sizes_get: "its command line",
  fd_read: "standard input",
  fd_write: "standard output",
  proc_exit: "ending",
};

/**
 * The panel of a model.
 *
 * @param {{ model: object, bytes?: number, file?: string }} opened
 * @returns {HTMLElement}
 */
export function trustPanel({ model, bytes, file }) {
  const description = model.describe();
  const { training, metrics } = description;
  const digest = element("dd", {}, "…");
  const memory = element("dd", {});
  const showMemory = () => {
    memory.textContent = `${((model.memorySize ?? 0) / 2 ** 20).toFixed(1)} MiB`;
  };
  showMemory();
  model.sha256().then(
    (text) => digest.replaceChildren(text ? element("code", {}, text) : "not known on a page without HTTPS"),
    (error) => digest.replaceChildren(error.message),
  );
  const imports = WebAssembly.Module.imports(model.module);
  const asks =
    imports.length === 0
      ? "nothing: it has no imports. It cannot read a file, the network, or even the clock."
      : imports.map(({ name }) => `${name} (${CALLS[name] ?? "not known"})`).join(", ");
  const rows = [
    ["May ask of this page", asks],
    ["SHA-256", digest],
    file && ["File", bytes ? `${file}, ${Math.round(bytes / 1024)} KiB` : file],
    model.memorySize !== undefined && ["Memory in use", memory],
    ["Weights", description.weights.toLocaleString("en")],
    ["Figures of its tests", figures(metrics)],
    ["Made by", `version ${training.version}, backend ${training.backend}, ${training.target}`],
    training.settings?.seed !== undefined && ["Seed", String(training.settings.seed)],
    ["SHA-256 of its data", element("code", {}, training.data_sha256)],
  ].filter(Boolean);
  return element(
    "details",
    { class: "trust", toggle: showMemory },
    element("summary", {}, "What this module can do, and how it was made"),
    element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), value instanceof Node && value.tagName === "DD" ? value : element("dd", {}, value)])),
  );
}

function figures(metrics) {
  const list = Object.entries(metrics).filter(([, value]) => typeof value === "number");
  return list.map(([name, value]) => `${name.replaceAll("_", " ")} ${Number(value.toPrecision(4))}`).join(", ") || "none";
}
