/**
 * The network of MNIST in TensorFlow.js with its Wasm backend (XNNPACK) in Node, on one thread. It has ReLU in place of
 * GELU, which that backend has no fast form of.
 *
 * Prints its name, microseconds for one image, and for an image of a batch of 100.
 */

import { createRequire } from "node:module";
import { dirname } from "node:path";
import { readFileSync } from "node:fs";

const BATCH = 100;
const SECONDS = 2;

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs-core");
const wasm = require("@tensorflow/tfjs-backend-wasm");
const entry = require.resolve("@tensorflow/tfjs-backend-wasm");
wasm.setWasmPaths(`${dirname(entry)}/`);
wasm.setThreadsCount(1);
tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
await tf.setBackend("wasm");
await tf.ready();

const filters = [
  [1, 8],
  [8, 16],
  [16, 24],
].map(([channels, count]) => [tf.randomNormal([3, 3, channels, count]), tf.zeros([count])]);
const hidden = [tf.randomNormal([11616, 32]), tf.zeros([32])];
const output = [tf.randomNormal([32, 10]), tf.zeros([10])];

function predict(values, rows) {
  return tf.tidy(() => {
    let x = tf.tensor4d(values, [rows, 28, 28, 1]);
    for (const [filter, bias] of filters) {
      x = tf.fused.conv2d({ x, filter, strides: 1, pad: "valid", bias, activation: "relu" });
    }
    x = tf.reshape(x, [rows, 11616]);
    x = tf.fused.matMul({ a: x, b: hidden[0], bias: hidden[1], activation: "relu" });
    x = tf.fused.matMul({ a: x, b: output[0], bias: output[1] });
    return tf.softmax(x).dataSync();
  });
}

/** The median time of a call in microseconds. */
function time(call) {
  const times = [];
  const warm = performance.now() + 100 * SECONDS;
  while (performance.now() < warm) {
    call();
  }
  const end = performance.now() + 1000 * SECONDS;
  while (performance.now() < end || times.length < 5) {
    const start = performance.now();
    call();
    times.push(performance.now() - start);
  }
  return 1000 * times.sort((one, other) => one - other)[Math.floor(times.length / 2)];
}

const one = new Float32Array(784).fill(0).fill(1, 300, 500);
const many = new Float32Array(784 * BATCH).map((_, place) => one[place % 784]);
const { version } = JSON.parse(readFileSync(require.resolve("@tensorflow/tfjs-core/package.json")));
const figures = [time(() => predict(one, 1)), time(() => predict(many, BATCH)) / BATCH];
console.log([`TensorFlow.js ${version} (XNNPACK), ReLU`, ...figures.map((figure) => figure.toFixed(1))].join("\t"));
process.exit(0);
