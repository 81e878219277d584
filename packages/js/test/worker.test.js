import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

import { Model } from "../src/index.js";
import { FLOWER, library } from "./libraries.js";

test("workers share the compiled module", async () => {
  const model = await Model.load(library("iris"));
  const rows = [FLOWER, {}, { ...FLOWER, petal_width: 2.3 }];
  const workers = [0, 1].map(() => new Worker(new URL("./worker.js", import.meta.url), { workerData: { module: model.module } }));
  try {
    const answers = workers.map(async (worker) => {
      worker.postMessage(rows);
      return (await once(worker, "message"))[0];
    });
    for (const answer of await Promise.all(answers)) {
      assert.deepEqual(answer, model.predictBatch(rows));
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
});
