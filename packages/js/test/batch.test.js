import assert from "node:assert/strict";
import { test } from "node:test";

import { InputError, Model } from "../src/index.js";
import { FLOWER, library, picture } from "./libraries.js";

const iris = await Model.load(library("iris"));
const wine = await Model.load(library("wine-quality"));
const mnist = await Model.load(library("mnist"));
const agnews = await Model.load(library("agnews"));

test("a batch gives the answers of its rows, in order", () => {
  const rows = Array.from({ length: 5000 }, (_, index) => ({ ...FLOWER, petal_width: 0.1 + (index % 24) / 10 }));
  const answers = iris.predictBatch(rows);
  assert.equal(answers.length, rows.length);
  for (const index of [0, 1, 12, 23, 2500, 4999]) {
    assert.deepEqual(answers[index], iris.predict(rows[index]));
  }
  assert.deepEqual(iris.predictBatch([]), []);
  assert.deepEqual(iris.predictBatch(new Set([FLOWER])), [iris.predict(FLOWER)]);
  const options = { explain: true };
  assert.deepEqual(agnews.predictBatch(["Ajax wins"], options), [agnews.predict("Ajax wins", options)]);
});

test("a bad row costs no other row its answer", () => {
  const rows = new Array(1000).fill(FLOWER);
  const bad = { 0: undefined, 1: {}, 2: [FLOWER], 3: null, 500: { ...FLOWER, petal_width: NaN }, 501: 5n, 999: "text\n" };
  Object.assign(rows, bad);
  const answers = iris.predictBatch(rows);
  assert.equal(answers.length, 1000);
  const good = iris.predict(FLOWER);
  answers.forEach((answer, index) => {
    if (index in bad) {
      assert.deepEqual(Object.keys(answer), ["error"]);
      assert.equal(typeof answer.error, "string");
    } else {
      assert.deepEqual(answer, good);
    }
  });
});

test("a batch of nothing but bad rows", () => {
  const answers = iris.predictBatch([undefined, NaN, ""]);
  assert.equal(answers.length, 3);
  assert(answers.every(({ error }) => error.length > 0));
});

test("what is no list is refused", () => {
  for (const rows of [undefined, null, 5, "text", FLOWER, new Float32Array(4)]) {
    assert.throws(() => iris.predictBatch(rows), InputError);
  }
});

test("numbers give the probabilities that `predict` prints", () => {
  const { probabilities } = iris.predict(FLOWER);
  const row = Object.values(FLOWER);
  const forms = [Float32Array.from(row), Float64Array.from(row), row, [row], [Float32Array.from(row)]];
  for (const form of forms) {
    const numbers = iris.predictNumbers(form);
    assert(numbers instanceof Float32Array);
    assert.equal(numbers.length, 3);
    Object.values(probabilities).forEach((probability, index) => {
      assert(Math.abs(numbers[index] - probability) < 1e-6);
    });
  }
  const many = iris.predictNumbers(new Array(3000).fill(row));
  assert.equal(many.length, 9000);
  assert.deepEqual(many.slice(8997), iris.predictNumbers(row));
  assert.equal(iris.predictNumbers([]).length, 0);
  assert.equal(iris.predictNumbers(new Float32Array()).length, 0);
});

test("numbers give a number and both ends of its interval", () => {
  const input = JSON.parse(wine.describe().example);
  const [value, low, high] = wine.predictNumbers([wine.fields.map((field) => input[field.name])]);
  const answer = wine.predict(input);
  assert(Math.abs(value - answer.quality) < 1e-5);
  assert(Math.abs(low - answer.interval.low) < 1e-5);
  assert(Math.abs(high - answer.interval.high) < 1e-5);
});

test("numbers of pictures are their pixels", () => {
  const numbers = mnist.predictNumbers([picture().flat(), picture().flat()]);
  assert.equal(numbers.length, 20);
  assert.equal(numbers.indexOf(Math.max(...numbers)), 1);
});

test("the answers of one call stay when the next call is made", () => {
  const first = iris.predictNumbers(Object.values(FLOWER));
  const copy = Array.from(first);
  iris.predictNumbers([5, 3.5, 1.4, 0.2]);
  assert.deepEqual(Array.from(first), copy);
});

test("bad numbers name the item", () => {
  const row = Object.values(FLOWER);
  for (const [values, item] of [
    [[...row, 7, 3.2], 2],
    [Float32Array.from([...row, 7, 3.2]), 2],
    [[row, [7, 3.2]], 2],
    [[row, [7, 3.2, 4.7, "1.4"]], 2],
    [[...row, ...row, 7, undefined, 1, 1], 3],
    [[row, row, [7, 3.2, 4.7, NaN]], 3],
    [[row, [7, 3.2, 4.7, 1e300]], 2],
    [[row, null], 2],
    [[5n], 1],
    [BigInt64Array.of(5n), 1],
  ]) {
    assert.throws(() => iris.predictNumbers(values), { name: "InputError", item });
  }
  assert.throws(() => iris.predictNumbers([[7, 3.2, 4.7, 99]]), { name: "InputError", item: 1, field: "petal_width" });
  for (const values of [undefined, null, 5, "1,2", FLOWER, new DataView(new ArrayBuffer(16))]) {
    assert.throws(() => iris.predictNumbers(values), InputError);
  }
  assert.throws(() => agnews.predictNumbers([1, 2]), /plain numbers/);
});
