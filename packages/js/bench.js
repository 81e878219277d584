/**
 * Measures a model: `node bench.js LIBRARY.wasm` prints how long it takes to load it and to answer.
 *
 * Each figure is the median of several repeats, after a warm-up.
 */

import { readFile } from "node:fs/promises";

import { Model } from "./src/index.js";

const BATCH = 1000;
/** Repeats of each measurement, and the least time of one repeat in milliseconds: shorter ones are inexact. */
const REPEATS = 9;
const LEAST_TIME = 20;

/** An input like those that the model is made for. */
function exampleOf(model) {
  const { example } = model.describe();
  if (example) {
    return JSON.parse(example);
  }
  const { height, width, channels, maximum } = model.image;
  // A bright bar on a dark ground.
  return Array.from({ length: height * width * channels }, (_, place) => {
    const column = Math.floor(place / channels) % width;
    return Math.abs(2 * column - width) < 4 ? maximum : 0;
  });
}

/** The numbers of `example` for `predictNumbers`; nothing if the model takes none. */
function numbersOf(model, example) {
  if (model.inputNumbers === 0) {
    return undefined;
  }
  return model.image ? example : model.fields.map((field) => numberOf(field, example[field.name]));
}

function numberOf(field, value) {
  const words = field.category ?? field.categories;
  if (words) {
    return value === undefined || value === null ? NaN : words.indexOf(value);
  }
  return value ?? NaN;
}

/** Microseconds that `call` takes, divided by `rows`. */
async function time(call, rows = 1) {
  let calls = 1;
  const run = async () => {
    const start = performance.now();
    for (let index = 0; index < calls; index += 1) {
      const result = call();
      // Waiting for what is no promise would take longer than the call.
      if (result instanceof Promise) {
        await result;
      }
    }
    return performance.now() - start;
  };
  while ((await run()) < LEAST_TIME) {
    calls *= 2;
  }
  const times = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    times.push(((await run()) * 1000) / calls / rows);
  }
  return times.sort((a, b) => a - b)[Math.floor(REPEATS / 2)];
}

const [, , library] = process.argv;
if (!library) {
  console.error("usage: node bench.js LIBRARY.wasm");
  process.exit(2);
}
const bytes = await readFile(library);
const model = await Model.load(bytes);
const example = exampleOf(model);
const rows = new Array(BATCH).fill(example);
const numbers = numbersOf(model, example);
const measured = [
  ["load: compile and make ready", await time(() => Model.load(bytes))],
  ["load from a compiled module", await time(() => Model.loadSync(model.module))],
  ["predict", await time(() => model.predict(example))],
  [`predictBatch of ${BATCH}, each row`, await time(() => model.predictBatch(rows), BATCH)],
];
if (numbers) {
  const floats = Float32Array.from(new Array(BATCH).fill(numbers).flat());
  measured.push([`predictNumbers of ${BATCH}, each row`, await time(() => model.predictNumbers(floats), BATCH)]);
}
console.log(`${model.name}, ${bytes.length} bytes`);
for (const [name, microseconds] of measured) {
  console.log(`${name.padEnd(36)}${microseconds.toFixed(2).padStart(12)} µs`);
}
