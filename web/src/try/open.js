/** Opens a module, in whichever form it is. */

import { Model } from "../../burn-algorithms/index.js";

/** How a component begins. */
const COMPONENT = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];

/**
 * Opens the module `bytes`.
 *
 * @param {Uint8Array} bytes
 * @param {string} file its name
 * @returns {Promise<{ model: object, bytes: number, file: string, source: Uint8Array }>}
 * @throws {Error} if it is no module of a model
 */
export async function openModule(bytes, file) {
  const model = await open(bytes);
  return { model, bytes: bytes.length, file, source: bytes };
}

async function open(bytes) {
  if (bytes.length === 0) {
    throw new Error("the file is empty");
  }
  if (String.fromCharCode(...bytes.subarray(8, 24)).startsWith('{"')) {
    throw new Error("this is a model file (safetensors): the trainer has written a module NAME-inference.wasm beside it");
  }
  if (COMPONENT.every((byte, place) => bytes[place] === byte)) {
    throw new Error("this is a component: open the file NAME-inference.wasm or NAME-inference.lib.wasm of the same model");
  }
  const module = await WebAssembly.compile(bytes).catch(() => null);
  const isCommand = module && WebAssembly.Module.imports(module).length > 0;
  if (!isCommand) {
    // Which says best what is wrong with it.
    return Model.load(bytes);
  }
  const { Command } = await import("../sandbox/command.js");
  return new Command(module, bytes);
}
