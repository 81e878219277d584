/** The thread of a program: it runs jobs one after the other, and tells how each goes. */

import { run } from "./run.js";

/** Milliseconds between two messages about lines that may wait. */
const INTERVAL = 50;

self.addEventListener("message", ({ data: { id, module, args, folders, watched, written, frequent } }) => {
  /** Lines that are not told yet: a message for each of thousands would take longer than the work. */
  let lines = [];
  let told = 0;
  let last;
  const tell = () => {
    self.postMessage({ id, lines });
    lines = [];
    told = performance.now();
  };
  const look = (line, file) => {
    lines.push(line);
    if (!frequent || !line.includes(frequent) || performance.now() - told >= INTERVAL) {
      tell();
    }
    const bytes = watched && file(watched.folder, watched.file);
    if (bytes !== last) {
      last = bytes;
      self.postMessage({ id, file: bytes });
    }
  };
  try {
    const { code, output, errors, files } = run(module, { args, folders, onError: look });
    tell();
    self.postMessage({ id, code, output, errors, files: written && files(written) });
  } catch (error) {
    tell();
    self.postMessage({ id, failure: error.message });
  }
});
