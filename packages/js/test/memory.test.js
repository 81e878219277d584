import assert from "node:assert/strict";
import { test } from "node:test";

import { InputError, Model, ModelError, OutOfMemory } from "../src/index.js";
import { fake } from "./fake.js";
import { FLOWER, library } from "./libraries.js";

test("memory does not grow over many calls", async () => {
  const iris = await Model.load(library("iris"));
  const text = JSON.stringify(FLOWER);
  const numbers = Float32Array.from(Object.values(FLOWER));
  // Three calls of the library, of each kind and with each status.
  const calls = () => {
    iris.predictText(text);
    iris.predictNumbers(numbers);
    try {
      iris.predictText("{}");
    } catch (error) {
      assert(error instanceof InputError);
    }
  };
  calls();
  const size = iris.memorySize;
  assert(size > 0);
  for (let call = 0; call < 40_000; call += 1) {
    calls();
  }
  for (let call = 0; call < 100; call += 1) {
    iris.predictBatch(new Array(call).fill(FLOWER));
  }
  const larger = iris.memorySize;
  for (let call = 0; call < 200; call += 1) {
    iris.predictBatch(new Array(call % 100).fill(FLOWER));
  }
  assert.equal(iris.memorySize, larger);
  assert(larger < size + 2 ** 20);
});

test("a trap costs one call, and the next one has a fresh instance", async () => {
  for (const model of [Model.loadSync(fake()), await Model.load(fake())]) {
    for (let round = 0; round < 3; round += 1) {
      assert.equal(model.predict({}).class, "a");
      assert.throws(() => model.predict("x".repeat(2000)), (error) => {
        assert(error instanceof OutOfMemory && error instanceof ModelError);
        assert(error.cause instanceof WebAssembly.RuntimeError);
        return true;
      });
      assert.equal(model.memorySize, 0);
      assert.equal(model.predict({}).class, "a");
      assert(model.memorySize > 0);
      assert.throws(() => model.predictBatch(["x".repeat(2000)]), OutOfMemory);
      assert.throws(() => model.predictNumbers([1]), OutOfMemory);
    }
    assert.equal(model.predict({}).class, "a");
  }
});

test("a library without memory for the input says so", () => {
  const model = Model.loadSync(fake({ allocGives: 0 }));
  assert.throws(() => model.predict({}), OutOfMemory);
  assert.throws(() => model.predictNumbers([1]), OutOfMemory);
  assert.equal(model.name, "fake");
});

test("a huge input is refused, and the model can still be used", async () => {
  const agnews = await Model.load(library("agnews"));
  const huge = "x".repeat(500_000_000);
  const expected = agnews.predict("Ajax wins");
  const calls = [
    () => agnews.predict(huge),
    () => agnews.predict({ title: huge, description: "" }),
    () => agnews.predictText(huge),
  ];
  for (const call of calls) {
    assert.throws(call, InputError);
    assert.deepEqual(agnews.predict("Ajax wins"), expected);
  }
  const [bad, good] = agnews.predictBatch([huge, "Ajax wins"]);
  assert.match(bad.error, /characters/);
  assert.deepEqual(good, expected);
});

test("memory of a large input is given back", async () => {
  const iris = await Model.load(library("iris"));
  const size = iris.memorySize;
  assert.throws(() => iris.predictNumbers(new Float32Array(20_000_000)), { name: "InputError", item: 1 });
  assert.equal(iris.memorySize, 0);
  assert.equal(iris.predict(FLOWER).class, "Iris-versicolor");
  assert(iris.memorySize <= size);
});
