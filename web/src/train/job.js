/** A training: what the trainer gets, and what it tells. */

import { sha256 } from "../../burn-algorithms/digest.js";
import { plain } from "../sandbox/messages.js";
import { Program, refusal } from "../sandbox/program.js";

/** The file in which a trainer keeps what is finished, to go on from there. */
const CHECKPOINTS = { tabular: "checkpoint.journal", texts: "checkpoint.journal", images: "checkpoint.safetensors" };
/** The text that marks lines about the loss after a step: there are thousands of them. */
const FREQUENT = '"loss":';
/** Where the data is in the sandbox, and where the artifacts go. */
const DATA = "data";
const ARTIFACTS = "artifacts";

/** Looks into tables, beside a training that may run. */
const inspector = new Program("tabular");

/** The data of a visitor. */
export class Data {
  /**
   * @param {"tabular" | "texts" | "images"} kind
   * @param {string} name of the file or folder
   * @param {Map<string, Uint8Array>} files by their paths
   */
  constructor(kind, name, files) {
    this.kind = kind;
    this.name = name;
    this.files = files;
  }

  /** `--data` for the trainer. */
  get argument() {
    return `--data=${DATA}/${this.name}`;
  }

  /**
   * What is in the table.
   *
   * @param {string[]} options of the trainer
   * @returns {Promise<object>}
   * @throws {Error} if it cannot be read
   */
  async inspect(options) {
    const result = await inspector.run({
      args: ["tabular-flex", this.argument, "--inspect", ...options],
      folders: { [DATA]: this.files },
    });
    if (result.code !== 0) {
      throw new Error(shown(refusal(result)));
    }
    const found = JSON.parse(result.output);
    return { ...found, notes: found.notes.map(shown) };
  }
}

/** A training that can be stopped and continued. */
export class Training {
  #data;
  #options;
  #checkpoint;
  #program;
  #seconds = 0;

  /**
   * @param {Data} data
   * @param {string[]} options of the trainer
   */
  constructor(data, options) {
    this.#data = data;
    this.#options = options;
    this.#program = new Program(data.kind);
  }

  /** Whether something is finished that a stopped training can go on from. */
  get canResume() {
    return this.#checkpoint !== undefined;
  }

  /** The same training with wasmtime. */
  get command() {
    const words = [`${this.#data.kind}-flex.wasm`, "--data", this.#data.name, ...this.#options];
    return `wasmtime run --dir . ${words.map(quoted).join(" ")}`;
  }

  /**
   * Trains, from where it was stopped if it was.
   *
   * @param {(event: object) => void} onProgress gets what the trainer tells of its progress
   * @param {(note: string) => void} onNote gets its notes
   * @returns {Promise<Trained>}
   * @throws {Error} if the trainer refuses the data, or `stop` is called
   */
  async run(onProgress, onNote) {
    const { kind, files } = this.#data;
    const artifacts = new Map();
    const resume = [];
    if (this.#checkpoint) {
      artifacts.set(CHECKPOINTS[kind], this.#checkpoint);
      resume.push("--resume");
    }
    const args = [`${kind}-flex`, this.#data.argument, `--artifacts=${ARTIFACTS}`, "--progress=json", ...this.#options, ...resume];
    const watched = { folder: ARTIFACTS, file: CHECKPOINTS[kind] };
    const onLine = (line) => {
      if (line.startsWith("{")) {
        onProgress(JSON.parse(line));
      } else if (line.startsWith("note: ")) {
        onNote(shown(line.slice("note: ".length)));
      }
    };
    const onFile = (bytes) => (this.#checkpoint = bytes);
    const begun = performance.now();
    const job = { args, folders: { [DATA]: files, [ARTIFACTS]: artifacts }, watched, written: ARTIFACTS, frequent: FREQUENT };
    const running = this.#program.run(job, { onLine, onFile });
    const result = await running.finally(() => (this.#seconds += (performance.now() - begun) / 1000));
    // Its memory goes with the thread.
    this.#program.stop();
    if (result.code !== 0) {
      throw new Error(shown(refusal(result)));
    }
    this.#checkpoint = undefined;
    return trained(result.files, result.output, this.#seconds);
  }

  /** Stops the trainer. What is finished is kept. */
  stop() {
    this.#program.stop();
  }
}

/**
 * What came of a training.
 *
 * @typedef {{ name: string, files: Map<string, Uint8Array>, summary: string, sha256: string, page: string, seconds: number }} Trained
 *   `summary`: what the trainer prints; `sha256`: the digest of the model file; `page`: the report as HTML; `seconds`: how
 *   long the trainer ran
 */
async function trained(files, summary, seconds) {
  const text = (name) => new TextDecoder().decode(files.get(name));
  const module = [...files.keys()].find((name) => name.endsWith("-inference.wasm"));
  return {
    name: module.replace("-inference.wasm", ""),
    files,
    summary,
    sha256: await sha256(files.get("model.safetensors")),
    page: text("report.html"),
    seconds,
  };
}

/** A message for a visitor, to whom the folders of the sandbox mean nothing. */
function shown(text) {
  return plain(text.replaceAll(`${DATA}/`, "").replaceAll(`${ARTIFACTS}/`, ""));
}

function quoted(word) {
  return /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
