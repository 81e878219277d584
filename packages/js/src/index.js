/** Runs models in the library form: WebAssembly modules without imports. */

export { Model } from "./model.js";
export {
  BadModel,
  InputError,
  ModelError,
  NotAModule,
  OutOfMemory,
  SourceError,
  WrongVersion,
} from "./errors.js";
