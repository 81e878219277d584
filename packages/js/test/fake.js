/** A small module that has the library form and behaves as a test wants, for what no real library does. */

const TYPE = { i32: 0x7f };
const UNREACHABLE = [0x00];

/** The functions of a library: how many parameters, and whether there is a result. */
const FUNCTIONS = {
  library_version: [0, 1],
  alloc: [1, 1],
  free: [1, 0],
  predict: [3, 1],
  predict_numbers: [2, 1],
  describe: [0, 1],
  input_numbers: [0, 1],
  output_numbers: [0, 1],
};

/** Where the outcomes are: of `predict`, and of `describe`. */
const OUTCOME = { predict: 16, describe: 32 };
const TEXT = { predict: 1024, describe: 2048 };
const DESCRIPTION = '{"name": "fake", "about": "", "input": {"table": []}, "output": {"classes": ["a"]}}\n';
const ANSWER = '{"class": "a", "probabilities": {"a": 1.0}}\n';

/**
 * The bytes of the module.
 *
 * @param {{ version?: number, describeStatus?: number, description?: string, allocGives?: number, without?: string,
 *   importing?: boolean }} [behaviour] `predict` traps at an input of more than 1000 bytes, and from then on at each
 */
export function fake({ version = 1, describeStatus = 0, description = DESCRIPTION, allocGives = 4096, without, importing } = {}) {
  const bodies = {
    library_version: constant(version),
    alloc: constant(allocGives),
    free: [],
    predict: [
      // If the length is above 1000: global 0 becomes 1.
      ...[0x20, 1, ...constant(1000), 0x4b, 0x04, 0x40, ...constant(1), 0x24, 0, 0x0b],
      // If global 0 is 1: trap.
      ...[0x23, 0, 0x04, 0x40, ...UNREACHABLE, 0x0b],
      ...constant(OUTCOME.predict),
    ],
    predict_numbers: UNREACHABLE,
    describe: constant(OUTCOME.describe),
    input_numbers: constant(1),
    output_numbers: constant(1),
  };
  const names = Object.keys(FUNCTIONS);
  const first = importing ? 1 : 0;
  const exported = [["memory", 2, 0], ...names.map((name, index) => [name, 0, first + index])];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(names.map((name) => type(...FUNCTIONS[name])))),
    ...(importing ? section(2, list([[...text("host"), ...text("clock"), 0, 0]])) : []),
    ...section(3, list(names.map((_, index) => [index]))),
    ...section(5, list([[0, 1]])),
    ...section(6, list([[TYPE.i32, 1, ...constant(0), 0x0b]])),
    ...section(
      7,
      list(exported.filter(([name]) => name !== without).map(([name, kind, index]) => [...text(name), kind, index])),
    ),
    ...section(10, list(names.map((name) => sized([0, ...bodies[name], 0x0b])))),
    ...section(
      11,
      list([
        data(OUTCOME.predict, words(0, TEXT.predict, ANSWER.length)),
        data(OUTCOME.describe, words(describeStatus, TEXT.describe, description.length)),
        data(TEXT.predict, ascii(ANSWER)),
        data(TEXT.describe, ascii(description)),
      ]),
    ),
  ]);
}

function constant(number) {
  return [0x41, ...signed(number)];
}

function type(parameters, results) {
  return [0x60, ...list(new Array(parameters).fill([TYPE.i32])), ...list(new Array(results).fill([TYPE.i32]))];
}

function data(address, bytes) {
  return [0, ...constant(address), 0x0b, ...sized(bytes)];
}

function section(id, bytes) {
  return [id, ...sized(bytes)];
}

function sized(bytes) {
  return [...unsigned(bytes.length), ...bytes];
}

function list(items) {
  return [...unsigned(items.length), ...items.flat()];
}

function text(name) {
  return sized(ascii(name));
}

function ascii(characters) {
  return Array.from(characters, (character) => character.charCodeAt(0));
}

function words(...numbers) {
  return Array.from(new Uint8Array(Uint32Array.from(numbers).buffer));
}

function unsigned(number) {
  return number < 128 ? [number] : [(number & 127) | 128, ...unsigned(number >>> 7)];
}

function signed(number) {
  const low = number & 127;
  const rest = number >> 7;
  const isLast = (rest === 0 && low < 64) || (rest === -1 && low >= 64);
  return isLast ? [low] : [low | 128, ...signed(rest)];
}
