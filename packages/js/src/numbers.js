/** From rows of numbers to the 32-bit floats that a library reads. */

import { InputError } from "./errors.js";

const EXPECTED = "a Float32Array, or an array with an array of numbers for each input";

/**
 * The numbers of all inputs, one input after the other.
 *
 * @param {unknown} values a typed array or an array of numbers, which is all inputs one after the other, or an array with
 *   an array or a typed array for each input
 * @param {number} each how many numbers one input is
 * @returns {Float32Array} `values` itself if it is one
 * @throws {InputError}
 */
export function toFloats(values, each) {
  if (values instanceof Float32Array) {
    return values;
  }
  if (!isList(values)) {
    throw new InputError(`the input is no list of numbers: expected ${EXPECTED}`);
  }
  if (!isList(values[0])) {
    const floats = new Float32Array(values.length);
    fill(floats, 0, values, (place) => Math.floor(place / each) + 1);
    return floats;
  }
  const floats = new Float32Array(values.length * each);
  for (let row = 0; row < values.length; row += 1) {
    const item = row + 1;
    if (!isList(values[row])) {
      throw new InputError(`item ${item}: the input is no list of numbers: expected ${each} numbers`, { item });
    }
    if (values[row].length !== each) {
      throw new InputError(`item ${item}: ${values[row].length} numbers: expected ${each}`, { item });
    }
    fill(floats, row * each, values[row], () => item);
  }
  return floats;
}

function fill(floats, start, numbers, itemOf) {
  for (let place = 0; place < numbers.length; place += 1) {
    const number = numbers[place];
    if (typeof number !== "number") {
      const item = itemOf(place);
      throw new InputError(`item ${item}: there is a value of the type ${typeof number}: expected numbers`, { item });
    }
    floats[start + place] = number;
  }
}

function isList(value) {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && typeof value.length === "number");
}
