/** A module in the form of a command, used like a model of the library form: a process for each answer. */

import { InputError, NotAModule } from "../../burn-algorithms/index.js";
import { sha256 } from "../../burn-algorithms/digest.js";
import { run } from "./run.js";

/** Exit code of a bad input. */
const BAD_INPUT = 2;

/** What a command may import. */
const EXPECTED = new Set(["args_get", "args_sizes_get", "fd_read", "fd_write", "proc_exit"]);

/** A command with the methods of a `Model` that the page uses. */
export class Command {
  #module;
  #bytes;
  #description;

  /**
   * @param {WebAssembly.Module} module
   * @param {Uint8Array} bytes of the module
   * @throws {NotAModule} if it is another kind of program
   */
  constructor(module, bytes) {
    this.#module = module;
    this.#bytes = bytes;
    const other = WebAssembly.Module.imports(module).find(({ module: host, name }) => host !== "wasi_snapshot_preview1" || !EXPECTED.has(name));
    if (other) {
      throw new NotAModule(`the module asks for \`${other.name}\` of \`${other.module}\`, which no module of this project does: expected a file NAME-inference.wasm or NAME-inference.lib.wasm`);
    }
    const { code, output } = this.#run(["--describe"]);
    try {
      this.#description = code === 0 && JSON.parse(output);
    } catch {
      // Said below.
    }
    if (!this.#description?.input || !this.#description.output) {
      throw new NotAModule("the program does not describe a model: expected a file NAME-inference.wasm or NAME-inference.lib.wasm");
    }
  }

  get module() {
    return this.#module;
  }

  get fields() {
    const { table, columns, text } = this.#description.input;
    return table ?? columns ?? text?.parts;
  }

  get image() {
    return this.#description.input.image;
  }

  /** Each answer has a memory of its own, which is gone afterwards. */
  get memorySize() {
    return undefined;
  }

  describe() {
    return this.#description;
  }

  predict(value, options) {
    const input = new TextEncoder().encode(JSON.stringify(ArrayBuffer.isView(value) ? [...value] : value));
    const { code, output, errors } = this.#run(["--json", ...(options?.explain ? ["--explain"] : []), "-"], input);
    if (code === BAD_INPUT) {
      throw new InputError(errors.trim().replace(/^error: (line 1: )?/, ""));
    }
    if (code !== 0) {
      throw new Error(errors.trim() || `the module ended with exit code ${code}`);
    }
    return JSON.parse(output);
  }

  sha256() {
    return sha256(this.#bytes);
  }

  #run(args, input) {
    return run(this.#module, { args: ["module", ...args], input });
  }
}

