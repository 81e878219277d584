/** What can go wrong. Every error of this package is a `ModelError`. */

/** The class that all errors of this package extend. `cause` is the error below it, if there is one. */
export class ModelError extends Error {
  /**
   * @param {string} message what is wrong, in one line
   * @param {{ cause?: unknown }} [options]
   */
  constructor(message, options) {
    super(message, options);
    // A fixed text: programs that shorten code rename classes.
    this.name = "ModelError";
  }
}

/** The source cannot be read: there is no such file, the network failed, or the server answered with an error. */
export class SourceError extends ModelError {
  constructor(message, options) {
    super(message, options);
    this.name = "SourceError";
  }
}

/** The bytes are no WebAssembly module, or one of another form than the library form. */
export class NotAModule extends ModelError {
  constructor(message, options) {
    super(message, options);
    this.name = "NotAModule";
  }
}

/** The module has another version of the library form than this package reads. */
export class WrongVersion extends ModelError {
  constructor(message, options) {
    super(message, options);
    this.name = "WrongVersion";
  }
}

/** The model in the module cannot be used (status 1 of the library). */
export class BadModel extends ModelError {
  constructor(message, options) {
    super(message, options);
    this.name = "BadModel";
  }
}

/** The input cannot be answered (status 2 of the library), or JSON cannot hold it. */
export class InputError extends ModelError {
  /**
   * @param {string} message what is wrong, in one line
   * @param {{ item?: number, field?: string, cause?: unknown }} [options] `item`: which one of several inputs, from 1;
   *   `field`: the field that is to blame
   */
  constructor(message, { item, field, ...options } = {}) {
    super(message, options);
    this.name = "InputError";
    this.item = item;
    this.field = field;
  }
}

/** There is not enough memory for the input or for the answer. The model can still be used. */
export class OutOfMemory extends ModelError {
  constructor(message, options) {
    super(message, options);
    this.name = "OutOfMemory";
  }
}
