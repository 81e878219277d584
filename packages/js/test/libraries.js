/** The files of the libraries that the tests load. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

const VARIABLE = "BURN_ALGORITHMS_LIBRARIES";

/** The path of `file` in the folder of the libraries. */
export function path(file) {
  const folder = process.env[VARIABLE];
  if (!folder) {
    throw new Error(`set ${VARIABLE} to the folder with iris-inference.lib.wasm and the other libraries`);
  }
  return join(folder, file);
}

/** The path of the library of the model `name`. */
export function library(name) {
  return path(`${name}-inference.lib.wasm`);
}

/** The bytes of the library of the model `name`. */
export function bytes(name) {
  return readFileSync(library(name));
}

export const FLOWER = { sepal_length: 7.0, sepal_width: 3.2, petal_length: 4.7, petal_width: 1.4 };
export const NEWS = {
  title: "Late goal sends Ajax to the final",
  description: "A header in the last minute of the match won the cup tie for the visitors.",
};

/** A picture of a one, 28 × 28: a bar in the middle. */
export function picture() {
  const rows = Array.from({ length: 28 }, () => new Array(28).fill(0));
  for (let row = 5; row < 23; row += 1) {
    rows[row].fill(255, 13, 16);
  }
  return rows;
}
