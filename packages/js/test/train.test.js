import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { modelName, sandbox, toArguments } from "../src/train/sandbox.js";
import { train, TrainerMissing, trainImages, TrainingError, trainTexts } from "../src/train/index.js";

const VARIABLE = "BURN_ALGORITHMS_TRAINERS";
const OWN = fileURLToPath(new URL("../trainers", import.meta.url));
const trainers = existsSync(join(OWN, "tabular-flex.wasm")) ? OWN : process.env[VARIABLE];
if (!trainers) {
  throw new Error(`set ${VARIABLE} to the folder with tabular-flex.wasm, texts-flex.wasm and images-flex.wasm`);
}

const QUICK = { target: "disease", models: "linear", quiet: true };
const folder = realpathSync(mkdtempSync(join(tmpdir(), "train-")));
process.chdir(folder);
after(() => {
  process.chdir("/");
  rmSync(folder, { recursive: true });
});

/** Numbers from 0 to 1 that look random. */
let state = 1;
function random() {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}

const rows = Array.from({ length: 60 }, () => {
  const [age, pressure] = [Math.round(30 + 50 * random()), Math.round(100 + 80 * random())];
  return `${age},${pressure},A,${age + pressure / 4 + 20 * random() > 100 ? "yes" : "no"}`;
});
writeFileSync("heart.csv", `age,pressure,ward,disease\n${rows.join("\n")}\n`);

test("a table gives a model, with the bytes that wasmtime gives", async (context) => {
  const training = await train("heart.csv", QUICK);
  assert.equal(training.folder, join("artifacts", "heart"));
  assert.equal(training.model.predict({ age: 80, pressure: 180 }).class, "yes");
  assert.equal(training.report.target.name, "disease");
  assert.match(training.summary, /artifacts\/heart has the module heart-inference\.wasm/);
  assert(existsSync(training.module) && existsSync(training.library) && existsSync(training.reportPage));
  mkdirSync("theirs");
  const options = ["--data=data/heart.csv", "--target=disease", "--models=linear", "--artifacts=artifacts"];
  const folders = ["--dir", `${folder}::data`, "--dir", `${join(folder, "theirs")}::artifacts`];
  const done = spawnSync("wasmtime", [...folders, join(trainers, "tabular-flex.wasm"), ...options]);
  if (done.error) {
    assert(!process.env.CI, "wasmtime is missing");
    context.skip("wasmtime is missing");
    return;
  }
  assert.deepEqual(readFileSync("theirs/model.safetensors"), readFileSync("artifacts/heart/model.safetensors"));
});

test("what the trainer refuses is an error with its words", async () => {
  const refused = train("heart.csv", { target: "nope", artifacts: "none/deep", quiet: true });
  await assert.rejects(refused, { name: "TrainingError", kind: "usage", code: 2, message: /^there is no column `nope`/ });
  assert(!existsSync("none"));
  const unknown = train("heart.csv", { ...QUICK, noSuch: 3 });
  await assert.rejects(unknown, { message: "unexpected argument '--no-such' found" });
  await assert.rejects(train("none.csv", QUICK), /none\.csv: there is no such file/);
  for (const name of ["crossValidate", "evaluate", "predict", "stdout"]) {
    await assert.rejects(train("heart.csv", { ...QUICK, [name]: 5 }), /makes no model/);
  }
  await assert.rejects(train("-", QUICK), TrainingError);
  await assert.rejects(train("heart.csv", { ...QUICK, drop: ["a,b"] }), /no comma/);
});

test("progress is told, and the thread of the caller lives", async () => {
  const lines = [];
  let beats = 0;
  const timer = setInterval(() => (beats += 1), 1).unref();
  await train("heart.csv", { ...QUICK, quiet: false, progress: (line) => lines.push(line) });
  clearInterval(timer);
  assert(lines.some((line) => line.startsWith("note: ") && line.includes("ward")));
  assert(beats > 10);
  lines.length = 0;
  await assert.rejects(train("heart.csv", { target: "nope", progress: (line) => lines.push(line) }), TrainingError);
  assert.deepEqual(lines, []);
  const failing = train("heart.csv", { ...QUICK, quiet: false, progress: () => assert.fail("mine") });
  await assert.rejects(failing, /mine/);
});

test("a training that was stopped goes on", async () => {
  const options = { target: "disease", quiet: true };
  const whole = await train("heart.csv", { ...options, artifacts: "whole" });
  const stop = new AbortController();
  const timer = setInterval(() => existsSync("stopped/checkpoint.journal") && stop.abort(), 5).unref();
  const stopped = train("heart.csv", { ...options, artifacts: "stopped", signal: stop.signal });
  await assert.rejects(stopped, { name: "TrainingError", kind: "stopped", message: /resume: true/ });
  clearInterval(timer);
  const training = await train("heart.csv", { ...options, artifacts: "stopped", resume: true });
  assert.equal(training.sha256, whole.sha256);
  await assert.rejects(train("heart.csv", { ...options, signal: AbortSignal.abort() }), { kind: "stopped" });
});

test("paths of all kinds", async () => {
  const plain = await train("heart.csv", { ...QUICK, drop: ["ward"] });
  mkdirSync("Maße & more");
  copyFileSync("heart.csv", "Maße & more/heart disease ♥.v2.csv");
  symlinkSync("Maße & more/heart disease ♥.v2.csv", "heart-link.csv");
  const schema = "artifacts/heart/schema.toml";
  const odd = await train("Maße & more/heart disease ♥.v2.csv", { ...QUICK, artifacts: "Maße & more", schema });
  assert.equal(odd.name, "heart-disease--");
  const linked = await train("heart-link.csv", { ...QUICK, drop: "ward", name: "heart" });
  assert.equal(linked.sha256, plain.sha256);
  assert.equal((await train("heart-link.csv", QUICK)).name, "heart-link");
});

test("the sandbox has the folders of what is named and no others", () => {
  mkdirSync("emoji.v2", { recursive: true });
  const { args, preopens, translate } = sandbox("images", "emoji.v2", { test: "heart.csv", artifacts: "a/b" });
  assert.deepEqual(args, ["--data=data/emoji.v2", "--test=test/heart.csv", "--artifacts=artifacts/b"]);
  assert.deepEqual(preopens, {
    "data/emoji.v2": join(folder, "emoji.v2"),
    test: folder,
    "artifacts/b": join(folder, "a/b"),
  });
  assert.equal(translate("data/emoji.v2/x.png"), "emoji.v2/x.png");
  assert.deepEqual(toArguments({ noHeader: true, keep: [], drop: ["a", "b"], seed: 7, id: undefined, balanced: false }), [
    "--no-header",
    "--drop=a,b",
    "--seed=7",
  ]);
  assert.equal(modelName("a/heart disease.v2.csv.gz", undefined, "tabular"), "heart-disease");
  assert.equal(modelName("/emoji.v2", undefined, "images"), "emoji-v2");
  assert.equal(modelName("/", undefined, "texts"), "texts");
});

test("a package without trainers says so", { skip: trainers === OWN }, async () => {
  process.env[VARIABLE] = folder;
  await assert.rejects(train("heart.csv", QUICK), TrainerMissing);
  process.env[VARIABLE] = trainers;
});

test("texts", async () => {
  const words = { sport: ["goal", "match", "cup", "team"], money: ["bank", "stock", "price", "market"] };
  const texts = Array.from({ length: 20 }).flatMap(() =>
    Object.keys(words).map((label) => {
      const chosen = Array.from({ length: 4 }, () => words[label][Math.floor(4 * random())]);
      return JSON.stringify({ text: chosen.join(" "), label });
    }),
  );
  writeFileSync("news.jsonl", `${texts.join("\n")}\n`);
  const { model } = await trainTexts("news.jsonl", { text: ["text"], target: "label", quiet: true });
  assert.equal(model.predict("the cup goes to the team with one more goal").class, "sport");
});

// It takes long enough for Node to collect garbage in the middle of it.
// Minutes with a trainer that was built without optimisation.
const SLOW = process.env.BURN_ALGORITHMS_SLOW_TESTS ? false : "takes minutes: set BURN_ALGORITHMS_SLOW_TESTS";

test("pictures", { skip: SLOW }, async () => {
  for (const [label, row] of Object.entries({ top: 1, bottom: 6 })) {
    mkdirSync(`lines/${label}`, { recursive: true });
    for (let number = 0; number < 20; number += 1) {
      const pixels = Array.from({ length: 64 }, (_, place) => (place >> 3 === row ? 255 : Math.floor(60 * random())));
      writeFileSync(`lines/${label}/${number}.bmp`, bitmap(pixels, 8));
    }
  }
  const { model } = await trainImages("lines", { pixels: 8, epochs: 1, quiet: true });
  assert.deepEqual([...model.classes].sort(), ["bottom", "top"]);
});

/** A grey picture of 24 bits for each pixel, as a BMP file. Its width is a multiple of 4. */
function bitmap(pixels, width) {
  const content = Buffer.from(pixels.flatMap((value) => [value, value, value]));
  // A negative height: the first row is the top one.
  const numbers = [54 + content.length, 0, 54, 40, width, -(pixels.length / width), 1 | (24 << 16), 0, content.length, 0, 0, 0, 0];
  const header = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, place) => header.writeInt32LE(number, 4 * place));
  return Buffer.concat([Buffer.from("BM"), header, content]);
}
