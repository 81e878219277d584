/** A form for pictures. */

import { element, errorBox, newest } from "../dom.js";
import { dropPlace } from "../sandbox/files.js";
import { onPaste, pixelsOf } from "./convert.js";
import { pixelPicture } from "./pixels.js";

/** Kinds of pictures that can be read. */
export const PICTURES = "image/png,image/jpeg,image/webp,image/bmp,image/gif";

/**
 * @param {{ model: object, source: Uint8Array, ask: (value: unknown) => { error?: Error }, clear: (text?: string) => void }} options
 *   `source`: the bytes of the module
 * @returns {HTMLElement}
 */
export function pictureInput({ model, source, ask, clear }) {
  const { image } = model;
  const problem = errorBox();
  const picture = pixelPicture(image);
  const question = newest();
  const fail = (error) => {
    clear();
    problem.show(error);
  };
  const give = async ([file]) => {
    const isNewest = question();
    problem.show();
    clear("…");
    try {
      const pixels = await pixelsOf(file, { model: source });
      if (isNewest()) {
        picture.show(pixels);
        problem.show(ask(pixels).error);
      }
    } catch (error) {
      if (isNewest()) {
        fail(error);
      }
    }
  };
  const colours = image.channels === 1 ? "grey" : "colour";
  clear("Give a picture.");
  const form = element(
    "div",
    {},
    dropPlace({ text: "Drop or paste a picture.", button: "Choose a picture", accept: PICTURES, give, fail }),
    problem.box,
    element("figure", {}, picture.canvas, element("figcaption", {}, `What the model sees: ${image.width}×${image.height} pixels, ${colours}.`)),
  );
  onPaste(form, give);
  return form;
}
