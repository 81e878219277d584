/** Lets a visitor give files: by a button, by dropping them, or from the clipboard. */

import { element } from "../dom.js";

/**
 * A place to drop files on, with a button.
 *
 * @param {{ text: string, button: string, accept?: string, isFolder?: boolean, give: (files: File[]) => void, fail: (error: Error) => void }} options
 *   `give` gets one file, or those of a folder
 * @returns {HTMLElement}
 */
export function dropPlace({ text, button, accept, isFolder = false, give, fail }) {
  const input = element("input", {
    type: "file",
    hidden: true,
    accept,
    webkitdirectory: isFolder,
    change: () => {
      const files = [...input.files];
      // So that the same file can be given again after it has been mended.
      input.value = "";
      offer(files);
    },
  });
  const offer = (files) => {
    if (files.length === 0) {
      fail(new Error("there is no file in what was given"));
    } else if (files.length > 1 && !isFolder) {
      fail(new Error(`${files.length} files were given: expected one`));
    } else {
      give(files);
    }
  };
  const place = element(
    "div",
    {
      class: "drop",
      dragover: (event) => (event.preventDefault(), place.classList.add("over")),
      dragleave: () => place.classList.remove("over"),
      drop: async (event) => {
        event.preventDefault();
        place.classList.remove("over");
        try {
          offer(isFolder ? await droppedFiles(event.dataTransfer) : [...event.dataTransfer.files]);
        } catch (error) {
          fail(error);
        }
      },
    },
    element("p", {}, text),
    input,
    element("button", { type: "button", click: () => input.click() }, button),
  );
  return place;
}

/** All files below what was dropped, with their paths in `relativePath`. */
async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [];
  const visit = async (entry) => {
    if (entry.isFile) {
      const file = await new Promise((done, fail) => entry.file(done, fail));
      file.relativePath = entry.fullPath.slice(1);
      files.push(file);
      return;
    }
    const reader = entry.createReader();
    // A reader gives a part of a large folder at a time.
    for (;;) {
      const part = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (part.length === 0) {
        return;
      }
      for (const inner of part) {
        await visit(inner);
      }
    }
  };
  for (const entry of entries) {
    await visit(entry);
  }
  return files;
}

/** The path of a file in the folder that was given, or its name. */
export function pathOf(file) {
  return file.relativePath ?? (file.webkitRelativePath || file.name);
}
