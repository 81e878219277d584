/**
 * Answers test cases, for tests in other languages: `node contract.js LIBRARY.wasm` reads a JSON array of
 * `{"input": "<text>", "explain": bool, "strict": bool}` from standard input, and writes a JSON array of
 * `{"status": 0, "text": "…"}` or `{"status": 2, "error": "…", "item": 3, "field": "x"}`.
 */

import { readFileSync } from "node:fs";

import { InputError, Model } from "../src/index.js";

function answer(model, { input, explain, strict }) {
  try {
    return { status: 0, text: model.predictText(input, { explain, strict }) };
  } catch (error) {
    if (error instanceof InputError) {
      return { status: 2, error: error.message, item: error.item, field: error.field };
    }
    throw error;
  }
}

const [, , library] = process.argv;
if (library) {
  const model = await Model.load(library);
  const cases = JSON.parse(readFileSync(0, "utf8"));
  process.stdout.write(`${JSON.stringify(cases.map((one) => answer(model, one)))}\n`);
} else {
  console.error("usage: node contract.js LIBRARY.wasm < CASES.json");
  // The test runner of Node runs every file of this folder.
  process.exitCode = process.env.NODE_TEST_CONTEXT ? 0 : 2;
}
