/** A worker for the tests: answers rows with a model from a posted module. */

import { parentPort, workerData } from "node:worker_threads";

import { Model } from "../src/index.js";

// The test runner of Node runs every file of this folder, and then there is no parent.
if (parentPort && workerData?.module) {
  const model = Model.loadSync(workerData.module);
  parentPort.on("message", (rows) => parentPort.postMessage(model.predictBatch(rows)));
}
