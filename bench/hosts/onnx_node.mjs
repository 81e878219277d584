/**
 * A model in Node, in this project's package and in ONNX Runtime's for the web, one thread each.
 *
 * `node onnx_node.mjs LIBRARY.wasm MODEL.onnx` prints a line for each: its name, the bytes to load (program and model),
 * milliseconds to load it in a new process, microseconds for one call, and for a row of a batch of 1,000. Both get 32-bit
 * floats and give probabilities.
 */

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BATCH = 1000;
const LOADS = 5;
const SECONDS = 1;
const OURS = new URL("../../packages/js/src/", import.meta.url);
const ORT = new URL("node_modules/onnxruntime-web/", import.meta.url);
/** The files that a page loads for its processor-only build. */
const ORT_FILES = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];

const [, , library, onnx, only] = process.argv;

async function ours() {
  const { Model } = await import(new URL("index.js", OURS));
  const model = await Model.load(library);
  // Pictures: rounding to fixed-point numbers, which ONNX does not do.
  return { row: exampleOf(model), tolerance: model.image ? 1e-2 : 1e-4, answer: (values) => model.predictNumbers(values) };
}

/** A flower, or a picture with a bar. */
function exampleOf(model) {
  const row = new Float32Array(model.inputNumbers).fill(model.image ? 0 : 1.5);
  return model.image ? row.fill(200, 300, 500) : row;
}

async function others() {
  const ort = await import(new URL("dist/ort.wasm.min.mjs", ORT));
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(onnx)));
  return {
    answer: async (values, rows) => {
      const { output } = await session.run({ input: new ort.Tensor("float32", values, [rows, values.length / rows]) });
      return output.data;
    },
  };
}

const ways = {
  ours: { name: "ours", make: ours, bytes: () => size(library) + readdirSync(OURS).filter((name) => name.endsWith(".js")).reduce((sum, name) => sum + size(new URL(name, OURS)), 0) },
  others: {
    name: `onnxruntime-web ${JSON.parse(readFileSync(new URL("package.json", ORT))).version}`,
    make: others,
    bytes: () => size(onnx) + ORT_FILES.reduce((sum, name) => sum + size(new URL(`dist/${name}`, ORT)), 0),
  },
};

function size(file) {
  return statSync(file).size;
}

/** The median time of `call` in microseconds. */
async function time(call) {
  const times = [];
  const end = performance.now() + 1000 * SECONDS;
  // A tenth more, which do not count.
  const warm = performance.now() + 100 * SECONDS;
  while (performance.now() < warm) {
    await call();
  }
  while (performance.now() < end || times.length < 5) {
    const start = performance.now();
    const result = call();
    // Waiting for what is no promise would take longer than the call.
    if (result instanceof Promise) {
      await result;
    }
    times.push(performance.now() - start);
  }
  return median(times) * 1000;
}

function median(values) {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

/** The median time to load in a new process, in milliseconds. */
function loadTime(key) {
  const runs = Array.from({ length: LOADS }, () => Number(execFileSync(process.execPath, [fileURLToPath(import.meta.url), library, onnx, key])));
  return median(runs);
}

if (only) {
  const start = performance.now();
  await ways[only].make();
  console.log(performance.now() - start);
  process.exit(0);
}

const made = { ours: await ways.ours.make(), others: await ways.others.make() };
const { row } = made.ours;
const rows = new Float32Array(BATCH * row.length).map((_, place) => row[place % row.length]);
const [one, other] = await Promise.all([made.ours.answer(row, 1), made.others.answer(row, 1)]);
const difference = Math.max(...Array.from(one, (value, place) => Math.abs(value - other[place])));
if (difference > made.ours.tolerance) {
  console.error(`the answers differ by ${difference}`);
  process.exit(1);
}
for (const [key, { name, bytes }] of Object.entries(ways)) {
  const { answer } = made[key];
  const figures = [loadTime(key), await time(() => answer(row, 1)), (await time(() => answer(rows, BATCH))) / BATCH];
  console.log([name, bytes(), ...figures.map((figure) => figure.toFixed(2))].join("\t"));
}
process.exit(0);
