import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { BadModel, InputError, Model, ModelError, NotAModule, SourceError, WrongVersion } from "../src/index.js";
import { fake } from "./fake.js";
import { bytes, FLOWER, library, path } from "./libraries.js";

const IRIS = library("iris");

function isIris(model) {
  assert.equal(model.name, "iris");
  assert.equal(model.predict(FLOWER).class, "Iris-versicolor");
}

/** Serves `body`, and gives `use` the address. */
async function served(body, type, use, status = 200) {
  const server = createServer((_, response) => {
    response.writeHead(status, type ? { "content-type": type } : {});
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}/model.wasm`);
  } finally {
    server.closeAllConnections?.();
    server.close();
  }
}

test("a model is loaded from paths, file URLs, bytes and modules", async () => {
  const file = bytes("iris");
  const buffer = Uint8Array.from(file).buffer;
  const module = new WebAssembly.Module(file);
  const sources = [IRIS, pathToFileURL(IRIS), pathToFileURL(IRIS).href, file, buffer, new DataView(buffer), module];
  for (const source of [...sources, new Blob([file]), Promise.resolve(file)]) {
    isIris(await Model.load(source));
  }
  for (const source of [file, buffer, module]) {
    isIris(Model.loadSync(source));
  }
});

test("a model is loaded from servers, whatever type they tell", async () => {
  const file = bytes("iris");
  const digest = createHash("sha256").update(file).digest("hex");
  for (const type of ["application/wasm", "application/octet-stream", "application/wasm; charset=utf-8", undefined]) {
    await served(file, type, async (address) => {
      for (const source of [address, new URL(address), await fetch(address), fetch(address)]) {
        const model = await Model.load(source);
        isIris(model);
        assert.equal(await model.sha256(), digest);
      }
    });
  }
  isIris(await Model.load(`data:application/wasm;base64,${file.toString("base64")}`));
});

test("outside of Node, a name is an address for `fetch`", async () => {
  const { process, fetch } = globalThis;
  const file = bytes("iris");
  const asked = [];
  globalThis.fetch = async (address) => {
    asked.push(address);
    return new Response(file, { headers: { "content-type": "application/wasm" } });
  };
  delete globalThis.process;
  try {
    for (const address of ["models/iris.wasm", "/iris.wasm", "file:///iris.wasm"]) {
      isIris(await Model.load(address));
    }
  } finally {
    Object.assign(globalThis, { process, fetch });
  }
  assert.deepEqual(asked, ["models/iris.wasm", "/iris.wasm", "file:///iris.wasm"]);
});

test("a digest is that of the bytes as they were loaded", async () => {
  const file = bytes("iris");
  const digest = createHash("sha256").update(file).digest("hex");
  const given = Uint8Array.from(file);
  const model = Model.loadSync(given);
  given.fill(0);
  assert.equal(await model.sha256(), digest);
  assert.equal(await model.sha256(), digest);
  assert.equal(await (await Model.load(IRIS)).sha256(), digest);
  assert.equal(await Model.loadSync(model.module).sha256(), undefined);
});

test("sources that cannot be read", async () => {
  const used = new Response(bytes("iris"), { headers: { "content-type": "application/wasm" } });
  await used.arrayBuffer();
  const nobody = "http://127.0.0.1:1/model.wasm";
  const gone = new Response("", { status: 404 });
  for (const source of ["no-such-file.wasm", nobody, used, gone, undefined, null, 5, {}]) {
    await assert.rejects(Model.load(source), SourceError);
  }
  await assert.rejects(Model.load(fetch(nobody)), SourceError);
  await served("gone", "application/wasm", (address) => assert.rejects(Model.load(address), /answers 404/), 404);
  assert.throws(() => Model.loadSync(IRIS), SourceError);
});

test("what is no module in the library form", async () => {
  const file = bytes("iris");
  const wrong = [
    [new Uint8Array(), /0 bytes are not a WebAssembly module/],
    [new TextEncoder().encode("<!doctype html>"), /not a WebAssembly module/],
    [file.subarray(0, 6), /not a whole/],
    [file.subarray(0, file.length / 2), /not a whole/],
    [file.subarray(0, file.length - 1), /not a whole/],
    [Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), /component.*pack --library/],
    [fake({ importing: true }), /imports `clock` of `host`.*pack --library/],
    [fake({ without: "predict_numbers" }), /function `predict_numbers`/],
    [fake({ without: "memory" }), /memory `memory`/],
    [Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), /memory `memory`/],
  ];
  for (const [source, message] of wrong) {
    const expected = { name: "NotAModule", message };
    assert.throws(() => Model.loadSync(source), expected);
    await assert.rejects(Model.load(source), expected);
    const response = new Response(source, { headers: { "content-type": "application/wasm" } });
    await assert.rejects(Model.load(response), expected);
  }
});

test("the form for the command line says which form is right", async () => {
  const command = path("iris-inference.wasm");
  await assert.rejects(Model.load(command), (error) => {
    assert(error instanceof NotAModule && error instanceof ModelError);
    assert.match(error.message, /command.*pack --library/);
    return true;
  });
});

test("another version of the form, and a model that cannot be used", async () => {
  assert.throws(() => Model.loadSync(fake({ version: 2 })), WrongVersion);
  await assert.rejects(Model.load(fake({ version: 2 })), /version 2.*expected 1/);
  const unusable = fake({ describeStatus: 1, description: '{"error": "no weights"}' });
  assert.throws(() => Model.loadSync(unusable), BadModel);
  await assert.rejects(Model.load(unusable), { name: "BadModel", message: "no weights" });
  for (const description of ["{", "null", "5", "{}", '{"input": {}}']) {
    assert.throws(() => Model.loadSync(fake({ description })), BadModel);
  }
  const file = bytes("iris");
  const place = file.indexOf('{\\"format\\":1,');
  assert(place > 0);
  file.write('{\\"format\\":9,', place);
  assert.throws(() => Model.loadSync(file), { name: "BadModel", message: /cannot be used/ });
});

test("errors are told apart by their class and their name", () => {
  const error = new InputError("bad", { item: 3, field: "x", cause: "y" });
  assert.deepEqual([error.name, error.message, error.item, error.field, error.cause], ["InputError", "bad", 3, "x", "y"]);
  assert(error instanceof ModelError && error instanceof Error);
});
