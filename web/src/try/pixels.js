/** Shows the pixels that a model takes. */

import { element } from "../dom.js";

/**
 * A small picture.
 *
 * @param {{ height: number, width: number, channels: number, maximum: number }} image
 * @returns {{ canvas: HTMLCanvasElement, show: (pixels?: ArrayLike<number>) => void }}
 */
export function pixelPicture({ height, width, channels, maximum }) {
  const isDigit = height === 28 && width === 28 && channels === 1;
  const canvas = element("canvas", { class: isDigit ? "seen" : "seen wide-picture", width, height, role: "img", "aria-label": "The picture that the model sees" });
  const context = canvas.getContext("2d");
  const picture = context.createImageData(width, height);
  return {
    canvas,
    show(pixels) {
      for (let place = 0; place < width * height; place += 1) {
        for (let channel = 0; channel < 3; channel += 1) {
          const value = pixels?.[place * channels + (channels === 1 ? 0 : channel)] ?? 0;
          picture.data[4 * place + channel] = (255 * value) / maximum;
        }
        picture.data[4 * place + 3] = 255;
      }
      context.putImageData(picture, 0, 0);
    },
  };
}
