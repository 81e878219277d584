/** What can go wrong in a training. */

import { ModelError } from "../errors.js";

/** The training made no model. */
export class TrainingError extends ModelError {
  /**
   * @param {string} message that of the trainer, if it has one
   * @param {{ kind?: string, code?: number, cause?: unknown }} [options] `kind`: `usage` for data or an option that is
   *   refused, `stopped` for a signal, or `internal`; `code`: the exit code of the trainer
   */
  constructor(message, { kind = "usage", code, ...options } = {}) {
    super(message, options);
    this.name = "TrainingError";
    this.kind = kind;
    this.code = code;
  }
}

/** The package was made without its trainers. */
export class TrainerMissing extends ModelError {
  constructor(message, options) {
    super(message, options);
    this.name = "TrainerMissing";
  }
}
