/** The thread of a program: it runs jobs one after the other, and tells how each goes. */

import { run } from "./run.js";

self.addEventListener("message", ({ data: { id, module, args, folders, watched, written } }) => {
  try {
    let last;
    const look = (line, file) => {
      self.postMessage({ id, line });
      const bytes = watched && file(watched.folder, watched.file);
      if (bytes !== last) {
        last = bytes;
        self.postMessage({ id, file: bytes });
      }
    };
    const { code, output, errors, files } = run(module, { args, folders, onError: look });
    self.postMessage({ id, code, output, errors, files: written && files(written) });
  } catch (error) {
    self.postMessage({ id, failure: error.message });
  }
});
