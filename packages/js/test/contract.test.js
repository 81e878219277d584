import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { FLOWER, library } from "./libraries.js";

const DRIVER = fileURLToPath(new URL("./contract.js", import.meta.url));

test("the driver for other languages answers its cases", () => {
  const input = JSON.stringify(FLOWER);
  const cases = [
    { input, explain: false, strict: false },
    { input: `[${input}, {}]`, explain: true, strict: false },
    { input: input.replace("7", "7.9"), explain: false, strict: true },
    { input: "" },
  ];
  const run = spawnSync(process.execPath, [DRIVER, library("iris")], { input: JSON.stringify(cases), encoding: "utf8" });
  assert.equal(run.stderr, "");
  assert.equal(run.status, 0);
  const [good, second, unusual, empty] = JSON.parse(run.stdout);
  assert.deepEqual(Object.keys(good), ["status", "text"]);
  assert.match(good.text, /^{"class": "Iris-versicolor".*}\n$/);
  assert.deepEqual([second.status, second.item, second.field], [2, 2, "sepal_length"]);
  assert.match(unusual.error, /outside/);
  assert.deepEqual(empty, { status: 2, error: "the input is empty: expected a JSON object" });
});
