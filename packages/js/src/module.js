/** Compiles bytes, and checks that a module has the library form. */

import { NotAModule } from "./errors.js";

/** What a library exports, and of which kind it is. */
const EXPORTS = {
  memory: "memory",
  library_version: "function",
  alloc: "function",
  free: "function",
  predict: "function",
  predict_numbers: "function",
  describe: "function",
  input_numbers: "function",
  output_numbers: "function",
};

const MAGIC = [0x00, 0x61, 0x73, 0x6d];
/** The second half of the header of a component, in place of that of a module. */
const COMPONENT = [0x0d, 0x00, 0x01, 0x00];
const ADVICE = "`pack --library` makes the library form, which this package runs";

/**
 * Compiles `bytes` without blocking the thread.
 *
 * @param {Uint8Array} bytes
 * @returns {Promise<WebAssembly.Module>}
 * @throws {NotAModule}
 */
export async function compile(bytes) {
  checkHeader(bytes);
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw notCompiled(error);
  }
}

/**
 * Compiles `bytes` at once.
 *
 * @param {Uint8Array} bytes
 * @returns {WebAssembly.Module}
 * @throws {NotAModule}
 */
export function compileSync(bytes) {
  checkHeader(bytes);
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw notCompiled(error);
  }
}

/**
 * Checks imports and exports. It does not run anything.
 *
 * @param {WebAssembly.Module} module
 * @throws {NotAModule}
 */
export function checkForm(module) {
  const [first] = WebAssembly.Module.imports(module);
  if (first?.module.startsWith("wasi")) {
    throw new NotAModule(`this is a command, which imports functions of its host (\`${first.name}\`): ${ADVICE}`);
  }
  if (first) {
    throw new NotAModule(`the module imports \`${first.name}\` of \`${first.module}\`: ${ADVICE}`);
  }
  const kinds = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  for (const [name, kind] of Object.entries(EXPORTS)) {
    if (kinds.get(name) !== kind) {
      throw new NotAModule(`the module does not export the ${kind} \`${name}\`: ${ADVICE}`);
    }
  }
}

function checkHeader(bytes) {
  if (!MAGIC.every((byte, place) => bytes[place] === byte)) {
    throw new NotAModule(`the ${bytes.length} bytes are not a WebAssembly module`);
  }
  if (COMPONENT.every((byte, place) => bytes[MAGIC.length + place] === byte)) {
    throw new NotAModule(`this is a component: ${ADVICE}`);
  }
}

function notCompiled(cause) {
  return new NotAModule(`the bytes are not a whole WebAssembly module: ${cause.message}`, { cause });
}
