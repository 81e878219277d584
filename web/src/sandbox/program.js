/** Programs that run in a thread of their own. */

/** The programs of the page: the file of each. */
const FILES = {
  "convert-image": "programs/convert-image.wasm",
  tabular: "programs/tabular-flex.wasm",
  texts: "programs/texts-flex.wasm",
  images: "programs/images-flex.wasm",
};

/** The compiled programs. */
const modules = new Map();

/** Loads and compiles the program `name`, once. */
function compiled(name) {
  if (!modules.has(name)) {
    const module = WebAssembly.compileStreaming(fetch(new URL(`../../${FILES[name]}`, import.meta.url)));
    modules.set(name, module);
    module.catch(() => modules.delete(name));
  }
  return modules.get(name);
}

/** A thread that waits for a program: to start one takes time that nobody should wait for. */
let spare;

function startSpare() {
  if (spare) {
    return;
  }
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    if (spare === worker) {
      spare = undefined;
    }
  });
  spare = worker;
}

/** A program in a worker. */
export class Program {
  #worker;
  #name;
  #runs = new Map();
  #next = 0;

  /** @param {keyof FILES} name */
  constructor(name) {
    this.#name = name;
  }

  /**
   * Runs it.
   *
   * @param {{ args: string[], folders?: Record<string, Map<string, Uint8Array>>, watched?: { folder: string, file: string }, written?: string, frequent?: string }} job
   *   `watched`: a file that is given to `onFile` whenever it has changed; `written`: the folder whose files are the result;
   *   `frequent`: a text that marks lines of which there are many; they may wait for a moment
   * @param {{ onLine?: (line: string) => void, onFile?: (bytes: Uint8Array) => void }} [events]
   * @returns {Promise<{ code: number, output: string, errors: string, files?: Map<string, Uint8Array> }>}
   * @throws {Error} if it cannot be loaded, or `stop` is called
   */
  run(job, { onLine = () => {}, onFile = () => {} } = {}) {
    const id = (this.#next += 1);
    return new Promise((done, fail) => {
      this.#runs.set(id, { done, fail, onLine, onFile });
      const start = (module) => {
        // It may have been stopped meanwhile.
        if (this.#runs.has(id)) {
          this.#worker ??= this.#start();
          this.#worker.postMessage({ id, module, folders: {}, ...job });
        }
      };
      compiled(this.#name).then(start, (error) => this.#receive({ id, failure: `the program cannot be loaded: ${error.message}` }));
    });
  }

  /** Stops what runs. The next run starts afresh. */
  stop(reason = new Stopped()) {
    this.#worker?.terminate();
    this.#worker = undefined;
    const runs = [...this.#runs.values()];
    this.#runs.clear();
    for (const { fail } of runs) {
      fail(reason);
    }
  }

  #start() {
    startSpare();
    const worker = spare;
    spare = undefined;
    worker.addEventListener("message", ({ data }) => this.#receive(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.stop(new Error(event.message ?? "the thread of the program cannot be started"));
    });
    return worker;
  }

  #receive({ id, lines, file, failure, ...result }) {
    const run = this.#runs.get(id);
    if (lines !== undefined) {
      lines.forEach((line) => run?.onLine(line));
    } else if (file !== undefined) {
      run?.onFile(file);
    } else {
      this.#runs.delete(id);
      if (failure !== undefined) {
        run?.fail(new Error(failure));
      } else {
        // Who has run a program may run another one soon.
        startSpare();
        run?.done(result);
      }
    }
  }
}

/** A visitor has stopped the program. */
export class Stopped extends Error {}

/**
 * What a program says went wrong, without the usage of its command line.
 *
 * @returns {string}
 */
export function refusal({ code, errors }) {
  const start = `\n${errors}`.lastIndexOf("\nerror: ");
  const message = start < 0 ? errors || `the program ended with exit code ${code}` : errors.slice(start + "error: ".length);
  return message.split(/\n\n(?:Usage:|For more information)/)[0].trim();
}
