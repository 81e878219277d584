/** Reads a module from where the user has it. */

import { SourceError } from "./errors.js";
import { compile } from "./module.js";

const EXPECTED = "a URL, a path in Node, a Response, a Blob, bytes, or a WebAssembly.Module";

/**
 * Reads and compiles `source`.
 *
 * @param {unknown} source a URL, a path in Node, a Response, a Blob, bytes or a module, or a promise of one of these
 * @returns {Promise<{ module: WebAssembly.Module, bytes?: Uint8Array }>} without `bytes` if the source is a module
 * @throws {SourceError} if it cannot be read
 * @throws {NotAModule} if the bytes are not a module
 */
export async function read(source) {
  let given;
  try {
    given = await source;
  } catch (cause) {
    throw new SourceError(`the source of the model cannot be read: ${cause?.message ?? cause}`, { cause });
  }
  if (given instanceof WebAssembly.Module) {
    return { module: given };
  }
  const bytes = copyOfBytes(given);
  if (bytes) {
    return compiled(bytes);
  }
  if (typeof given === "string" || given instanceof URL) {
    return readAddress(String(given));
  }
  if (typeof given?.arrayBuffer === "function") {
    return "headers" in given ? readResponse(given) : compiled(await readBuffer(given, "the blob"));
  }
  throw new SourceError(`a model is loaded from ${EXPECTED}`);
}

/**
 * A copy of the bytes of `source`, which the user may change later; nothing if it is something else.
 *
 * @param {unknown} source
 * @returns {Uint8Array | undefined}
 */
export function copyOfBytes(source) {
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
  }
  const tag = Object.prototype.toString.call(source);
  // By the tag, because the buffers of another frame have another class.
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]"
    ? new Uint8Array(source).slice()
    : undefined;
}

async function compiled(bytes) {
  return { module: await compile(bytes), bytes };
}

async function readAddress(address) {
  if (isFile(address)) {
    return compiled(await readFile(address));
  }
  let response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw new SourceError(`${address} cannot be read: ${cause.message}`, { cause });
  }
  return readResponse(response);
}

/** Whether `address` is a file for Node: a `file:` URL, or no URL at all. */
function isFile(address) {
  const isNode = typeof process === "object" && Boolean(process.versions?.node);
  // A name with one letter before the colon is a drive of Windows.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1].toLowerCase();
  return isNode && (scheme === undefined || scheme === "file");
}

async function readFile(address) {
  // Imported here and by a variable, so that neither browsers nor bundlers look for it.
  const name = "node:fs/promises";
  const files = await import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  try {
    const bytes = await files.readFile(/^file:/i.test(address) ? new URL(address) : address);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (cause) {
    throw new SourceError(`${address} cannot be read: ${cause.message}`, { cause });
  }
}

async function readResponse(response) {
  const address = response.url || "the response";
  if (!response.ok) {
    throw new SourceError(`${address} cannot be read: the server answers ${response.status} ${response.statusText}`);
  }
  if (response.bodyUsed) {
    throw new SourceError(`${address} cannot be read: its body has been read before`);
  }
  // Compiling a stream wants exactly this type.
  if (response.headers.get("content-type") !== "application/wasm") {
    return compiled(await readBuffer(response, address));
  }
  const bytes = readBuffer(response.clone(), address);
  // It is awaited below, unless compiling fails before.
  bytes.catch(() => {});
  try {
    return { module: await WebAssembly.compileStreaming(response), bytes: await bytes };
  } catch (cause) {
    if (cause instanceof WebAssembly.CompileError) {
      // Says better what is wrong with the bytes.
      return compiled(await bytes);
    }
    throw cause instanceof SourceError
      ? cause
      : new SourceError(`${address} cannot be read: ${cause.message}`, { cause });
  }
}

async function readBuffer(body, address) {
  try {
    return new Uint8Array(await body.arrayBuffer());
  } catch (cause) {
    throw new SourceError(`${address} cannot be read: ${cause.message}`, { cause });
  }
}
