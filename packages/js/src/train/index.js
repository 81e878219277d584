/** Trains models on data of one's own, with the trainers that are WebAssembly programs. For Node only. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readFile, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

import { Model } from "../model.js";
import { TrainerMissing, TrainingError } from "./errors.js";
import { sandbox, toArguments } from "./sandbox.js";

export { TrainerMissing, TrainingError };

const VARIABLE = "BURN_ALGORITHMS_TRAINERS";
/** Milliseconds between two looks at what a trainer has printed. */
const STEP = 50;
/** Exit code of a trainer that refuses the data or an option. */
const USAGE = 2;
/** Options that make no model. */
const WITHOUT_MODEL = ["crossValidate", "evaluate", "predict", "stdout", "help", "version"];

/**
 * Trains a model on a table.
 *
 * @param {string | URL} data CSV, JSON lines or a JSON array, gzipped or not
 * @param {object} [options] see `TrainOptions` in `train.d.ts`
 * @returns {Promise<object>} a `Training`
 * @throws {TrainingError} if the trainer refuses the data or an option
 * @throws {TrainerMissing} if the package has no trainers
 */
export function train(data, options = {}) {
  return run("tabular", data, options);
}

/** Trains a classifier of texts: `train` says more. */
export function trainTexts(data, options = {}) {
  return run("texts", data, options);
}

/** Trains a classifier of pictures in a folder for each class: `train` says more. */
export function trainImages(data, options = {}) {
  return run("images", data, options);
}

async function run(trainer, data, { progress, signal, ...options }) {
  const path = data instanceof URL ? fileURLToPath(data) : data;
  if (typeof path !== "string" || path === "-") {
    throw new TrainingError("expected the path of a file or folder as data");
  }
  const wrong = WITHOUT_MODEL.find((name) => options[name]);
  if (wrong) {
    throw new TrainingError(`the option \`${wrong}\` makes no model`);
  }
  if (signal?.aborted) {
    throw new TrainingError("the training was stopped", { cause: signal.reason, kind: "stopped" });
  }
  const file = trainerPath(trainer);
  const plan = sandbox(trainer, path, options);
  plan.args = [`${trainer}-flex`, ...plan.args, ...toArguments(options)];
  const show = options.quiet ? () => {} : (progress ?? ((line) => console.error(line)));
  const made = await makeFolder(plan.folder);
  try {
    const { code, output, errors } = await execute(file, plan, show, signal);
    if (code !== 0) {
      throw refusal(code, errors);
    }
    return await result(plan.artifacts, output);
  } finally {
    for (const folder of made) {
      // Only what is empty goes away.
      await rmdir(folder).catch(() => {});
    }
  }
}

/** The file of a trainer. */
function trainerPath(trainer) {
  const name = `${trainer}-flex.wasm`;
  const folders = [fileURLToPath(new URL("../../trainers", import.meta.url)), process.env[VARIABLE]];
  const found = folders.filter(Boolean).find((folder) => existsSync(join(folder, name)));
  if (!found) {
    throw new TrainerMissing(
      `the package has no ${name}: \`cargo xtask packages\` makes it, or the environment variable ${VARIABLE} names a folder that has it`,
    );
  }
  return join(found, name);
}

/** Makes `folder`, and returns which folders are new, the innermost first. */
async function makeFolder(folder) {
  const first = await mkdir(folder, { recursive: true });
  const made = [];
  for (let path = folder; first && path.length >= first.length; path = dirname(path)) {
    made.push(path);
  }
  return made;
}

/** Runs the trainer in a thread of its own, because it would keep this one busy. */
async function execute(file, { args, preopens, translate, artifacts }, show, signal) {
  const scratch = await mkdtemp(join(tmpdir(), "burn-algorithms-"));
  const [stdout, stderr] = await Promise.all(["output", "errors"].map((name) => open(join(scratch, name), "w+")));
  let isError = false;
  const errors = tail(
    stderr,
    (line) => {
      // An error is thrown.
      isError ||= line.startsWith("error: ");
      if (!isError) {
        show(line);
      }
    },
    translate,
  );
  // Without the warning that `node:wasi` is experimental.
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData: { file, args, preopens, stdout: stdout.fd, stderr: stderr.fd },
    execArgv: ["--no-warnings"],
    env: {},
  });
  let timer;
  let abort;
  try {
    const code = await new Promise((done, fail) => {
      abort = () => fail(new TrainingError(`the training was stopped${howToGoOn(artifacts)}`, { cause: signal.reason, kind: "stopped" }));
      signal?.addEventListener("abort", abort);
      worker.once("message", done);
      worker.once("error", (cause) => fail(new TrainingError(`the trainer stopped: ${cause.message}`, { cause, kind: "internal" })));
      worker.once("exit", () => fail(new TrainingError("the trainer gave no answer", { kind: "internal" })));
      timer = setInterval(() => errors.read().catch(fail), STEP);
    });
    clearInterval(timer);
    await errors.read(true);
    return { code, errors: errors.text(), output: translate((await readFile(join(scratch, "output"))).toString()) };
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", abort);
    await worker.terminate();
    await Promise.allSettled([stdout.close(), stderr.close()]);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Reads a file that grows, and gives each line to `show`. */
function tail(file, show, translate) {
  let text = "";
  let rest = Buffer.alloc(0);
  let place = 0;
  let reading = Promise.resolve();

  async function read(isLast) {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(size - place);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, place);
    place += bytesRead;
    rest = Buffer.concat([rest, bytes.subarray(0, bytesRead)]);
    const end = isLast ? rest.length : rest.lastIndexOf(10) + 1;
    const lines = translate(rest.subarray(0, end).toString());
    rest = rest.subarray(end);
    text += lines;
    for (const line of lines.split("\n").slice(0, lines.endsWith("\n") || !lines ? -1 : undefined)) {
      show(line);
    }
  }

  return {
    // One after the other: a slow disk must not show a line twice.
    read: (isLast = false) => (reading = reading.then(() => read(isLast))),
    text: () => text,
  };
}

function refusal(code, errors) {
  const start = `\n${errors}`.lastIndexOf("\nerror: ");
  const message = start < 0 ? errors || `the trainer ended with exit code ${code}` : errors.slice(start + "error: ".length);
  // What follows is about the command line.
  const [shown] = message.split(/\n\n(?:Usage:|For more information)/);
  return new TrainingError(shown.trim(), { code, kind: code === USAGE ? "usage" : "internal" });
}

function howToGoOn(artifacts) {
  const isKept = existsSync(join(artifacts, "checkpoint.journal"));
  return isKept ? `; what is finished is in ${artifacts}: the same call with \`resume: true\` goes on from there` : "";
}

async function result(folder, summary) {
  const weights = await readFile(join(folder, "model.safetensors"));
  const header = JSON.parse(weights.subarray(8, 8 + Number(weights.readBigUInt64LE())).toString());
  const { name } = JSON.parse(header.__metadata__.model);
  const library = join(folder, `${name}-inference.lib.wasm`);
  return {
    name,
    folder,
    summary,
    sha256: createHash("sha256").update(weights).digest("hex"),
    module: join(folder, `${name}-inference.wasm`),
    library,
    report: JSON.parse(await readFile(join(folder, "report.json"), "utf8")),
    reportPage: join(folder, "report.html"),
    model: await Model.load(resolve(library)),
  };
}
