/** From values of JavaScript to JSON text, without the silent losses of `JSON.stringify`. */

import { InputError, ModelError } from "./errors.js";

/** Longest text of a call, in UTF-16 units. Twice what the largest picture needs, and seconds of work for a text. */
const LONGEST = 2 ** 27;
/** Deepest nesting of arrays and objects. No input of a model comes near it. */
const DEEPEST = 64;

/** Objects of the language that `JSON.stringify` would write as `{}`. */
const NOT_JSON = /^\[object (Map|Set|WeakMap|WeakSet|Promise|ArrayBuffer|SharedArrayBuffer|DataView|RegExp)\]$/;

/**
 * `value` as JSON text in one line. Typed arrays become arrays.
 *
 * @param {unknown} value
 * @returns {string}
 * @throws {InputError} if it holds undefined, NaN, an infinite number, a BigInt, a function, a symbol, itself, or is too
 *   long
 */
export function toJson(value) {
  let text;
  try {
    const hasViews = check(value, undefined, undefined, 0);
    text = JSON.stringify(value, hasViews ? viewsAsArrays : undefined);
  } catch (cause) {
    // Getters and `toJSON` are code of the user's, and a text may get too long for the engine.
    throw cause instanceof ModelError
      ? cause
      : new InputError(`the input cannot be written as JSON: ${cause?.message ?? cause}`, { cause });
  }
  if (text === undefined) {
    throw bad("undefined");
  }
  return checkLength(text);
}

/**
 * Checks that `text` has whole characters only, which UTF-8 can hold, and is not too long.
 *
 * @param {unknown} text
 * @returns {string} the same text
 * @throws {InputError}
 */
export function checkText(text) {
  if (typeof text !== "string") {
    throw new InputError(`the input is ${kind(text)}: expected JSON text, as a string`);
  }
  checkLength(text);
  // Older engines lack the method. A lone surrogate is all that `\p{Surrogate}` finds.
  const isWhole = text.isWellFormed?.() ?? !/\p{Surrogate}/u.test(text);
  if (!isWhole) {
    throw new InputError("the input has half of a surrogate pair, which is no character: expected Unicode");
  }
  return text;
}

function checkLength(text, field) {
  if (text.length > LONGEST) {
    throw new InputError(`the input has ${text.length} characters: expected at most ${LONGEST}`, { field });
  }
  return text;
}

/** Checks `value`, which is at `key` of an array or an object in `field` of the input. Returns whether it holds typed arrays. */
function check(value, key, field, depth) {
  switch (typeof value) {
    case "string":
      checkLength(value, field);
      return false;
    case "number":
      if (!Number.isFinite(value)) {
        throw bad(`${value}`, key, field);
      }
      return false;
    case "boolean":
      return false;
    case "object":
      return value !== null && checkObject(value, key, field, depth);
    default:
      throw bad(kind(value), key, field);
  }
}

function checkObject(value, key, field, depth) {
  if (depth >= DEEPEST) {
    throw bad(`nested more than ${DEEPEST} deep, or contains itself`, key, field);
  }
  // Before `toJSON`, which Node's `Buffer` has.
  if (isNumbers(value)) {
    checkItems(value, field, depth);
    return true;
  }
  if (typeof value.toJSON !== "function") {
    return checkMembers(value, key, field, depth);
  }
  if (value instanceof Date && Number.isNaN(value.getTime())) {
    throw bad("an invalid date", key, field);
  }
  const written = value.toJSON(String(key ?? ""));
  // `JSON.stringify` does not ask what it is given for its own `toJSON`.
  return typeof written === "object" && written !== null && !isNumbers(written)
    ? checkMembers(written, key, field, depth)
    : check(written, key, field, depth + 1);
}

function checkItems(values, field, depth) {
  let hasViews = false;
  for (let place = 0; place < values.length; place += 1) {
    hasViews = check(values[place], place, field, depth + 1) || hasViews;
  }
  return hasViews;
}

function checkMembers(value, key, field, depth) {
  if (Array.isArray(value)) {
    return checkItems(value, field, depth);
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && NOT_JSON.test(Object.prototype.toString.call(value))) {
    throw bad(kind(value), key, field);
  }
  let hasViews = false;
  for (const name of Object.keys(value)) {
    hasViews = check(value[name], name, depth === 0 ? name : field, depth + 1) || hasViews;
  }
  return hasViews;
}

/** Whether `value` is a typed array. */
function isNumbers(value) {
  return ArrayBuffer.isView(value) && typeof value.length === "number";
}

/** A function for `JSON.stringify`. It looks at the holder too, because Node's `Buffer` has a `toJSON`. */
function viewsAsArrays(key, value) {
  const numbers = [this[key], value].find(isNumbers);
  return numbers ? Array.from(numbers) : value;
}

function bad(found, key, field) {
  const whole = field === undefined ? "the input" : `\`${field}\``;
  const place = typeof key === "number" ? `value ${key + 1} of ${whole}` : whole;
  return new InputError(`${place} is ${found}: expected a value that JSON can hold`, { field });
}

function kind(value) {
  switch (typeof value) {
    case "undefined":
      return "undefined";
    case "bigint":
      return "a BigInt";
    case "object":
      return value === null ? "null" : `the object ${Object.prototype.toString.call(value).slice(8, -1)}`;
    default:
      return `a ${typeof value}`;
  }
}
