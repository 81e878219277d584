/** Calls the functions of a library. `docs/library.md` is their contract. */

import { BadModel, InputError, ModelError, OutOfMemory, WrongVersion } from "./errors.js";

/** The version of the contract that this package reads. */
const VERSION = 1;
/** The status of an input that cannot be answered. 1 is a bad model. */
const BAD_INPUT = 2;
/** Bits of the options of `predict`. */
export const OPTION = { explain: 1, strict: 2, lines: 4 };

/** Bytes that the input has room for at first. */
const FIRST_CAPACITY = 4096;
/** Up to so many UTF-16 units, there is room for the longest UTF-8 that they can be. */
const SHORT_TEXT = 16384;
/** Most bytes of one block of memory, by the type of sizes. */
const LARGEST_BLOCK = 2 ** 31 - 1;
/** A memory that has grown by more bytes is given back after the call: WebAssembly memory never shrinks. */
const MOST_GROWTH = 64 * 2 ** 20;

const encoder = new TextEncoder();
// A byte order mark is kept, because the text is that of the library, byte for byte.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** An instance of a module, which is replaced when it has run out of memory. */
export class Library {
  #module;
  /** The exports of the instance; null if the next call has to make a new one. */
  #exports = null;
  /** Views of the memory. They lose their length when the memory grows. */
  #bytes = new Uint8Array();
  #words = new Uint32Array();
  /** Bytes of the memory of a new instance. */
  #firstSize = 0;
  /** The block of memory for inputs, and a view of it. */
  #address = 0;
  #capacity = 0;
  #input = new Uint8Array();

  /**
   * @param {WebAssembly.Module} module one that has the library form
   * @param {WebAssembly.Instance} [instance] a first instance of it
   * @throws {WrongVersion}
   * @throws {OutOfMemory} if there is no memory for an instance
   */
  constructor(module, instance) {
    this.#module = module;
    const version = this.#guard(() => this.#start(instance).library_version());
    if (version !== VERSION) {
      throw new WrongVersion(`the module has version ${version} of the library form: expected ${VERSION}`);
    }
  }

  /**
   * A library whose first instance is made without blocking the thread.
   *
   * @param {WebAssembly.Module} module one that has the library form
   * @returns {Promise<Library>}
   */
  static async make(module) {
    let instance;
    try {
      instance = await WebAssembly.instantiate(module);
    } catch (cause) {
      throw outOfMemory(cause);
    }
    return new Library(module, instance);
  }

  /** How many floats one input is; 0 if the model takes words or dates. */
  get inputNumbers() {
    return this.#guard(() => this.#ready().input_numbers());
  }

  /** How many floats answer each input. */
  get outputNumbers() {
    return this.#guard(() => this.#ready().output_numbers());
  }

  /** Bytes of the memory. */
  get memorySize() {
    return this.#exports?.memory.buffer.byteLength ?? 0;
  }

  /**
   * @returns {string} what the library says of its model: JSON text
   * @throws {BadModel}
   */
  describe() {
    return this.#guard(() => this.#text(this.#ready().describe()));
  }

  /**
   * @param {string} text JSON
   * @param {number} options a sum of `OPTION`
   * @returns {string} the answers: a line of JSON for each input
   * @throws {InputError}
   * @throws {OutOfMemory}
   */
  predict(text, options) {
    return this.#guard(() => {
      const exports = this.#ready();
      const length = this.#write(text);
      return this.#text(exports.predict(this.#address, length, options));
    });
  }

  /**
   * @param {Float32Array} values the inputs, one after the other
   * @returns {Float32Array} the answers, one after the other
   * @throws {InputError}
   * @throws {OutOfMemory}
   */
  predictNumbers(values) {
    return this.#guard(() => {
      const exports = this.#ready();
      this.#reserve(values.byteLength, 0);
      new Float32Array(this.#bytes.buffer, this.#address, values.length).set(values);
      const { address, length } = this.#outcome(exports.predict_numbers(this.#address, values.length));
      return new Float32Array(this.#bytes.buffer.slice(address, address + length));
    });
  }

  /** Runs `call`. After a trap, or without memory, the next call gets a new instance. */
  #guard(call) {
    try {
      return call();
    } catch (cause) {
      if (cause instanceof ModelError && !(cause instanceof OutOfMemory)) {
        throw cause;
      }
      this.#drop();
      throw outOfMemory(cause);
    } finally {
      if (this.memorySize > this.#firstSize + MOST_GROWTH) {
        this.#drop();
      }
    }
  }

  #ready() {
    return this.#exports ?? this.#start(new WebAssembly.Instance(this.#module));
  }

  #start(instance = new WebAssembly.Instance(this.#module)) {
    this.#exports = instance.exports;
    this.#look();
    this.#firstSize = this.#bytes.length;
    return this.#exports;
  }

  /** Forgets the instance, so that its memory is given back. */
  #drop() {
    this.#exports = null;
    this.#bytes = this.#input = new Uint8Array();
    this.#words = new Uint32Array();
    this.#address = this.#capacity = 0;
  }

  /** Makes the views of the memory again. */
  #look() {
    const { buffer } = this.#exports.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#input = new Uint8Array(buffer, this.#address, this.#capacity);
  }

  /** Makes room for an input of `size` bytes; the first `kept` ones of the last input stay. */
  #reserve(size, kept) {
    if (size > this.#capacity) {
      const capacity = Math.max(size, 2 * this.#capacity, FIRST_CAPACITY);
      this.#move(Math.min(capacity, LARGEST_BLOCK), size, kept);
    }
    if (this.#bytes.length === 0) {
      this.#look();
    }
  }

  #move(capacity, size, kept) {
    const { alloc, free } = this.#exports;
    const old = this.#address;
    if (old !== 0 && kept === 0) {
      // First, so that the library can use the block again.
      this.#address = this.#capacity = 0;
      free(old);
    }
    // The library has 32-bit addresses, which JavaScript gets as signed numbers.
    const address = size > LARGEST_BLOCK ? 0 : alloc(capacity) >>> 0;
    if (address === 0) {
      throw new OutOfMemory(`there is not enough memory for an input of ${size} bytes`);
    }
    this.#address = address;
    this.#capacity = capacity;
    this.#look();
    if (kept > 0) {
      this.#bytes.copyWithin(address, old, old + kept);
      free(old);
    }
  }

  /** Writes `text` as the input. Returns its length in bytes. */
  #write(text) {
    const isShort = text.length <= SHORT_TEXT;
    this.#reserve(isShort ? 3 * text.length : text.length, 0);
    let { read, written } = encoder.encodeInto(text, this.#input);
    if (read < text.length) {
      const rest = text.slice(read);
      this.#reserve(written + 3 * rest.length, written);
      written += encoder.encodeInto(rest, this.#input.subarray(written)).written;
    }
    return written;
  }

  /** Where the bytes of an answered call are. */
  #outcome(place) {
    if (this.#bytes.length === 0) {
      this.#look();
    }
    const start = place >>> 2;
    const status = this.#words[start];
    const address = this.#words[start + 1];
    const length = this.#words[start + 2];
    if (status !== 0) {
      throw this.#error(status, address, length);
    }
    return { address, length };
  }

  #error(status, address, length) {
    const { error, item, field } = JSON.parse(this.#decode(address, length));
    return status === BAD_INPUT ? new InputError(error, { item, field }) : new BadModel(error);
  }

  #text(place) {
    const { address, length } = this.#outcome(place);
    return this.#decode(address, length);
  }

  #decode(address, length) {
    return decoder.decode(this.#bytes.subarray(address, address + length));
  }
}

/** What a trap or an error of the engine means: the module itself is known to be right. */
function outOfMemory(cause) {
  return cause instanceof OutOfMemory
    ? cause
    : new OutOfMemory(`there is not enough memory for this call: ${cause?.message ?? cause}`, { cause });
}
