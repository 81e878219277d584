import assert from "node:assert/strict";
import { test } from "node:test";

import { InputError, Model } from "../src/index.js";
import { FLOWER, library, NEWS, picture } from "./libraries.js";

const iris = await Model.load(library("iris"));
const wine = await Model.load(library("wine-quality"));
const mnist = await Model.load(library("mnist"));
const agnews = await Model.load(library("agnews"));

test("a model tells what it is", () => {
  assert.equal(iris.name, "iris");
  assert.match(iris.about, /iris flower/);
  assert.deepEqual(iris.classes, ["Iris-setosa", "Iris-versicolor", "Iris-virginica"]);
  assert.deepEqual(iris.fields.map((field) => field.name), Object.keys(FLOWER));
  assert.deepEqual([iris.inputNumbers, iris.outputNumbers], [4, 3]);
  assert.equal(iris.describe(), iris.describe());
  assert.equal(iris.describe().metrics.test_accuracy > 0.9, true);
  assert.equal(iris.image, undefined);
  assert(iris.module instanceof WebAssembly.Module);

  assert.equal(wine.classes, undefined);
  assert.equal(wine.describe().output.number.name, "quality");
  assert.deepEqual([wine.inputNumbers, wine.outputNumbers], [11, 3]);

  assert.equal(mnist.fields, undefined);
  assert.equal(mnist.image.width, 28);
  assert.deepEqual([mnist.inputNumbers, mnist.outputNumbers], [784, 10]);

  assert.deepEqual(agnews.fields.map((field) => field.name), ["title", "description"]);
  assert.deepEqual([agnews.inputNumbers, agnews.outputNumbers], [0, 4]);
});

test("a table gives a class", () => {
  const answer = iris.predict(FLOWER);
  assert.deepEqual(Object.keys(answer), ["class", "probabilities"]);
  assert.equal(answer.class, "Iris-versicolor");
  const sum = Object.values(answer.probabilities).reduce((a, b) => a + b);
  assert(Math.abs(sum - 1) < 1e-5);
});

test("a table gives a number", () => {
  const answer = wine.predict(JSON.parse(wine.describe().example));
  assert.deepEqual(Object.keys(answer), ["quality", "interval"]);
  assert(answer.interval.low < answer.quality && answer.quality < answer.interval.high);
});

test("a text is an object or a string, and can be explained", () => {
  assert.equal(agnews.predict(NEWS).class, "Sports");
  const answer = agnews.predict("Ajax wins the cup", { explain: true });
  assert.equal(answer.class, "Sports");
  assert.equal(answer.explanation[0].word.length > 0, true);
  assert.equal(typeof answer.explanation[0].weight, "number");
  assert.equal(agnews.predict("Ajax wins the cup").explanation, undefined);
});

test("a picture is an array or a typed array, flat or in rows", () => {
  const rows = picture();
  const flat = rows.flat();
  const forms = [rows, flat, Uint8Array.from(flat), Uint8ClampedArray.from(flat), Buffer.from(flat), Float32Array.from(flat)];
  forms.push({ toJSON: () => flat }, { toJSON: () => Uint8Array.from(flat) });
  for (const form of [...forms, rows.map((row) => Uint8Array.from(row)), rows.map((row) => Buffer.from(row))]) {
    assert.equal(mnist.predict(form).class, "1");
  }
  assert.deepEqual(mnist.predictBatch(forms), forms.map(() => mnist.predict(rows)));
});

test("`predict` takes one input, not several", () => {
  assert.throws(() => iris.predict([FLOWER]), InputError);
  assert.throws(() => iris.predict([FLOWER, FLOWER]), InputError);
  assert.throws(() => agnews.predict(["one text"]), InputError);
  assert.throws(() => mnist.predict([picture(), picture()]), InputError);
  assert.throws(() => mnist.predict([]), InputError);
});

test("a bad input has a message and a field", () => {
  const { petal_width: _, ...rest } = FLOWER;
  assert.throws(() => iris.predict(rest), {
    name: "InputError",
    message: "`petal_width` is missing: expected a number from 0.1 to 20 (cm)",
    field: "petal_width",
    item: undefined,
  });
  assert.throws(() => iris.predict({ ...FLOWER, sepal_width: "wide" }), { name: "InputError", field: "sepal_width" });
  assert.throws(() => iris.predictText(JSON.stringify([FLOWER, rest])), { name: "InputError", field: "petal_width", item: 2 });
  for (const value of [null, true, 5, "text", {}]) {
    assert.throws(() => iris.predict(value), InputError);
  }
});

test("`strict` refuses what is unusual", () => {
  const unusual = { ...FLOWER, sepal_length: 7.9 };
  assert.deepEqual(iris.predict(unusual).outside, ["sepal_length"]);
  assert.throws(() => iris.predict(unusual, { strict: true }), /outside the range/);
  const [first, second] = iris.predictBatch([unusual, FLOWER], { strict: true });
  assert.match(first.error, /outside the range/);
  assert.equal(second.class, "Iris-versicolor");
});

test("values that JSON cannot hold are bad inputs", () => {
  const cycle = { ...FLOWER };
  cycle.petal_width = cycle;
  const deep = JSON.parse("[".repeat(5000) + "]".repeat(5000));
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const values = [undefined, NaN, Infinity, 5n, () => 1, Symbol("x"), new Map(), new Set(), Promise.resolve(1)];
  for (const value of [...values, cycle, deep, new Date(NaN), new BigInt64Array(4), new ArrayBuffer(4), new Array(3)]) {
    assert.throws(() => iris.predict(value), InputError);
    assert.throws(() => iris.predict({ ...FLOWER, petal_width: value }), { name: "InputError", field: "petal_width" });
    assert.throws(() => agnews.predict({ title: "a", description: [value] }), InputError);
  }
  const thrower = {
    get sepal_length() {
      throw new TypeError("mine");
    },
  };
  for (const value of [revoked.proxy, thrower, { toJSON: () => undefined }, { toJSON: () => 5n }]) {
    assert.throws(() => iris.predict(value), InputError);
  }
  const pixels = Float32Array.from(picture().flat());
  pixels[3] = NaN;
  assert.throws(() => mnist.predict(pixels), /value 4 of the input is NaN/);
  assert.throws(() => iris.predict({ ...FLOWER, petal_width: undefined }), /`petal_width` is undefined/);
});

test("objects of classes, without a prototype and with `toJSON` are inputs", () => {
  class Flower {
    constructor() {
      Object.assign(this, FLOWER);
    }
  }
  const itself = new Flower();
  Object.defineProperty(itself, "toJSON", { value: () => itself });
  const bare = Object.assign(Object.create(null), FLOWER);
  for (const value of [new Flower(), bare, Object.freeze({ ...FLOWER }), { toJSON: () => FLOWER }, itself]) {
    assert.deepEqual(iris.predict(value), iris.predict(FLOWER));
  }
});

test("text is answered byte for byte", () => {
  const expected =
    '{"class": "Iris-versicolor", "probabilities": {"Iris-setosa": 0.004029, "Iris-versicolor": 0.99083, "Iris-virginica": 0.005141}}\n';
  const text = JSON.stringify(FLOWER);
  assert.equal(iris.predictText(text), expected);
  assert.equal(iris.predictText(`[${text}, ${text}]`), expected + expected);
  assert.equal(iris.predictText(`\ufeff ${text} `), expected);
  const lines = iris.predictText(`${text}\n{}\n${text}\n`, { lines: true }).split("\n");
  assert.equal(lines.length, 4);
  assert.deepEqual([`${lines[0]}\n`, `${lines[2]}\n`, lines[3]], [expected, expected, ""]);
  assert.match(lines[1], /^{"error": "`sepal_length` is missing/);
  for (const value of ["", "{", FLOWER, undefined, null, 5]) {
    assert.throws(() => iris.predictText(value), InputError);
  }
});

test("characters outside of ASCII come through", () => {
  assert.throws(() => iris.predict({ ...FLOWER, "🌸 größe": 1 }), { name: "InputError", message: /^unknown field `🌸 größe`/ });
  for (const name of ['a"\\\n\u2028', "", "\0", "constructor"]) {
    assert.throws(() => iris.predict({ ...FLOWER, [name]: 1 }), { name: "InputError", message: /unknown field/ });
  }
  const words = agnews.predict("Ajax gewinnt 🏆 für naïve café", { explain: true }).explanation;
  assert(words.some(({ word }) => word === "Ajax"));
  // Each of these has more bytes of UTF-8 than UTF-16 units.
  for (const length of [1, 5000, 5461, 5462, 16384, 16385, 100_000]) {
    for (const character of ["é", "中", "🏆"]) {
      const text = `${character.repeat(length)} Ajax wins`;
      assert.equal(agnews.predict(text).class, "Sports", `${length} ${character}`);
    }
  }
});

test("half of a surrogate pair is a bad input", () => {
  for (const text of ["\ud800", "goal \udc00 wins", "\udc00\ud800"]) {
    assert.throws(() => agnews.predict(text), InputError);
    assert.throws(() => agnews.predictText(`"${text}"`), /surrogate/);
    assert.throws(() => agnews.predictText(JSON.stringify(text)), InputError);
    const [bad, good] = agnews.predictBatch([text, "Ajax wins"]);
    assert.match(bad.error, /no character/);
    assert.equal(good.class, "Sports");
    assert.throws(() => iris.predict({ ...FLOWER, [text]: 1 }), InputError);
  }
});
