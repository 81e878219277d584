/** A model that answers inputs. */

import { sha256 } from "./digest.js";
import { BadModel, InputError, SourceError } from "./errors.js";
import { checkText, toJson } from "./json.js";
import { Library, OPTION } from "./library.js";
import { checkForm, compileSync } from "./module.js";
import { toFloats } from "./numbers.js";
import { copyOfBytes, read } from "./source.js";

/** A batch goes to the library in parts of about so many characters, so that it needs little memory. */
const BATCH_PART = 2 ** 18;

/** A model in the library form. `Model.load` makes one; the constructor is not for users. */
export class Model {
  #module;
  #library;
  #bytes;
  #digest;
  #description;
  #inputNumbers;
  #outputNumbers;

  /** Not for users: `load` and `loadSync` are. */
  constructor(module, library, bytes) {
    this.#module = module;
    this.#library = library;
    this.#bytes = bytes;
    this.#description = descriptionOf(library);
    this.#inputNumbers = library.inputNumbers;
    this.#outputNumbers = library.outputNumbers;
  }

  /**
   * Loads a model.
   *
   * @param {string | URL | Response | Blob | BufferSource | WebAssembly.Module | Promise<unknown>} source where the
   *   module is: a URL, in Node also a path or a `file:` URL, what `fetch` gives, bytes, or a compiled module
   * @returns {Promise<Model>}
   * @throws {SourceError} if the source cannot be read
   * @throws {NotAModule} if it is no module in the library form
   * @throws {WrongVersion} if this package does not know the version of the form
   * @throws {BadModel} if the model in the module cannot be used
   * @throws {OutOfMemory} if there is no memory for it
   */
  static async load(source) {
    const { module, bytes } = await read(source);
    checkForm(module);
    return new Model(module, await Library.make(module), bytes);
  }

  /**
   * Loads a model at once. Browsers do not allow this for large modules on the thread of the page: use `load` there.
   *
   * @param {BufferSource | WebAssembly.Module} source bytes or a compiled module
   * @returns {Model}
   * @throws what `load` throws
   */
  static loadSync(source) {
    const bytes = copyOfBytes(source);
    if (!bytes && !(source instanceof WebAssembly.Module)) {
      throw new SourceError("`loadSync` takes bytes or a WebAssembly.Module: `load` takes the rest");
    }
    const module = bytes ? compileSync(bytes) : source;
    checkForm(module);
    return new Model(module, new Library(module), bytes);
  }

  /** The model's name. */
  get name() {
    return this.#description.name;
  }

  /** What the model tells, in one sentence. */
  get about() {
    return this.#description.about;
  }

  /** The names of the classes, in the order of the numbers of `predictNumbers`; undefined if the model gives a number. */
  get classes() {
    return this.#description.output.classes;
  }

  /** The fields of an input, as `describe` has them: those of a table, or the parts of a text; undefined for a picture. */
  get fields() {
    const { table, columns, text } = this.#description.input;
    return table ?? columns ?? text?.parts;
  }

  /** Height, width and channels of a picture, as `describe` has them; undefined for other models. */
  get image() {
    return this.#description.input.image;
  }

  /** How many numbers one input is for `predictNumbers`; 0 if the model takes words or dates. */
  get inputNumbers() {
    return this.#inputNumbers;
  }

  /** How many numbers `predictNumbers` answers to each input. */
  get outputNumbers() {
    return this.#outputNumbers;
  }

  /** Bytes of the model's memory now; 0 between the loss of an instance and the next call. */
  get memorySize() {
    return this.#library.memorySize;
  }

  /** The compiled module. It can be posted to a worker, which gives it to `loadSync`. */
  get module() {
    return this.#module;
  }

  /**
   * The model's inputs, outputs, metrics and digests. It is the same object each time: do not change it.
   *
   * @returns {object}
   */
  describe() {
    return this.#description;
  }

  /**
   * Answers one input.
   *
   * @param {unknown} value an object with the fields, a string for a model of texts, or an array or a typed array of pixels
   * @param {{ explain?: boolean, strict?: boolean }} [options] `explain`: with what weighed most, if the model can tell;
   *   `strict`: refuse what is unusual
   * @returns {object} the answer
   * @throws {InputError} if the input cannot be answered
   * @throws {OutOfMemory} if it is too large; the model can still be used
   */
  predict(value, options) {
    const text = toJson(value);
    // A line is one input. Otherwise the library takes an array for several.
    const isArray = text.startsWith("[");
    const answer = JSON.parse(this.#library.predict(text, bits(options) | (isArray ? OPTION.lines : 0)));
    // A model may call its number `error`.
    if (typeof answer.error === "string") {
      throw new InputError(answer.error);
    }
    return answer;
  }

  /**
   * Answers many inputs.
   *
   * @param {Iterable<unknown>} rows the inputs, each as `predict` takes it
   * @param {{ explain?: boolean, strict?: boolean }} [options] those of `predict`
   * @returns {object[]} an answer for each row in order; `{ error: "…" }` for a row that cannot be answered
   * @throws {InputError} if `rows` is no list
   * @throws {OutOfMemory} if a row is too large; the model can still be used
   */
  predictBatch(rows, options) {
    if (typeof rows?.[Symbol.iterator] !== "function" || typeof rows === "string" || ArrayBuffer.isView(rows)) {
      throw new InputError("the rows are no list: expected an array of inputs, each as `predict` takes it");
    }
    const flags = bits(options) | OPTION.lines;
    const answers = [];
    let text = "";
    let places = [];
    const answer = () => {
      if (places.length > 0) {
        const lines = this.#library.predict(text, flags).slice(0, -1);
        // JSON has no line feed inside of a string.
        JSON.parse(`[${lines.replaceAll("\n", ",")}]`).forEach((found, index) => {
          answers[places[index]] = found;
        });
      }
      text = "";
      places = [];
    };
    for (const row of rows) {
      const line = lineOf(row);
      answers.push(line.bad);
      if (line.text === undefined) {
        continue;
      }
      places.push(answers.length - 1);
      text += `${line.text}\n`;
      if (text.length >= BATCH_PART) {
        answer();
      }
    }
    answer();
    return answers;
  }

  /**
   * Answers inputs that are plain numbers, without JSON.
   *
   * @param {ArrayLike<number> | ArrayLike<number>[]} values `inputNumbers` numbers for each input: all in one typed array,
   *   or an array for each input. A table has its fields in the order of `fields`; a category is its position from 0, and
   *   where values may be missing, NaN is a missing one. A picture has its pixels row by row.
   * @returns {Float32Array} `outputNumbers` numbers for each input: the probabilities in the order of `classes`, or the
   *   number and both ends of its interval
   * @throws {InputError} if an input cannot be answered, or the model takes words or dates
   * @throws {OutOfMemory} if there are too many; the model can still be used
   */
  predictNumbers(values) {
    if (this.#inputNumbers === 0) {
      throw new InputError("the model does not take plain numbers: use `predict` or `predictBatch`");
    }
    return this.#library.predictNumbers(toFloats(values, this.#inputNumbers));
  }

  /**
   * Answers JSON text with JSON text: a line for each input, byte for byte what the command prints with `--json`.
   *
   * @param {string} text one input, or an array of them
   * @param {{ explain?: boolean, strict?: boolean, lines?: boolean }} [options] those of `predict`; `lines`: each line of
   *   the text is an input of its own, and gets a line, with `{"error": "…"}` for a bad one
   * @returns {string} it ends in a line feed
   * @throws {InputError} if an input cannot be answered
   * @throws {OutOfMemory} if it is too large; the model can still be used
   */
  predictText(text, options) {
    return this.#library.predict(checkText(text), bits(options) | (options?.lines ? OPTION.lines : 0));
  }

  /**
   * The SHA-256 of the bytes of the module.
   *
   * @returns {Promise<string | undefined>} 64 hexadecimal digits; undefined if the model was made from a compiled module,
   *   or on a page without `crypto.subtle`, which needs HTTPS
   */
  async sha256() {
    this.#digest ??= this.#bytes && sha256(this.#bytes);
    const digest = await this.#digest;
    // They have had their use.
    this.#bytes = undefined;
    return digest;
  }
}

/** What the library says of its model, if it has what this package reads. */
function descriptionOf(library) {
  const text = library.describe();
  try {
    const description = JSON.parse(text);
    if (description.input && description.output) {
      return description;
    }
  } catch (cause) {
    throw new BadModel(`the model's description is not JSON: ${cause.message}`, { cause });
  }
  throw new BadModel("the model's description has no `input` and `output`");
}

function bits(options) {
  return (options?.explain ? OPTION.explain : 0) | (options?.strict ? OPTION.strict : 0);
}

/** The line of the library's input that `row` is, or what stands in place of its answer. */
function lineOf(row) {
  try {
    return { text: toJson(row) };
  } catch (error) {
    if (error instanceof InputError) {
      return { bad: { error: error.message } };
    }
    throw error;
  }
}
