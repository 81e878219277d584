/** Makes pictures into what a model takes, with the program convert-image. */

import { plain } from "../sandbox/messages.js";
import { Program, refusal } from "../sandbox/program.js";

let program;

/**
 * The pixels of a picture, as the model takes them.
 *
 * @param {File} file PNG, JPEG, WebP, BMP or GIF
 * @param {{ model?: Uint8Array }} [options] the bytes of a module of pictures; without, the picture shows a digit for MNIST's
 *   model
 * @returns {Promise<number[]>}
 * @throws {Error} if there is no such picture in the file
 */
export async function pixelsOf(file, { model } = {}) {
  program ??= new Program("convert-image");
  const name = file.name || "picture";
  const files = new Map([[name, new Uint8Array(await file.arrayBuffer())]]);
  const args = ["convert-image"];
  const folders = { in: files };
  if (model) {
    folders.model = new Map([["model.wasm", model]]);
    args.push("--for", "model/model.wasm");
  }
  const result = await program.run({ args: [...args, `in/${name}`], folders });
  const pixels = result.output.trim();
  if (result.code !== 0 || !pixels) {
    throw new Error(plain(refusal(result)).replaceAll("`in/", "`"));
  }
  return JSON.parse(pixels);
}

/** Gives each picture that is pasted while `section` is shown. */
export function onPaste(section, give) {
  addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
    if (file && section.isConnected) {
      give([file]);
    }
  });
}
