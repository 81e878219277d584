/** The thread of a trainer. It tells the exit code. */

import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";
import { parentPort, workerData } from "node:worker_threads";

const { file, args, preopens, stdout, stderr } = workerData;
const wasi = new WASI({ version: "preview1", args, env: {}, preopens, stdout, stderr, returnOnExit: true });
// Node would take it for unused, and free it, in the middle of a long run.
globalThis.wasi = wasi;
const module = new WebAssembly.Module(readFileSync(file));
const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport });
parentPort.postMessage(wasi.start(instance) ?? 0);
