/** Runs WebAssembly programs (WASI) on files in memory. They reach nothing else. */

import { ConsoleStdout, Directory, File, OpenFile, PreopenDirectory, WASI } from "../../vendor/browser_wasi_shim/index.js";

/**
 * Runs a program to its end.
 *
 * @param {WebAssembly.Module} module
 * @param {{ args: string[], folders?: Record<string, Map<string, Uint8Array>>, input?: Uint8Array, onError?: (line: string, file: (folder: string, name: string) => Uint8Array | undefined) => void }} options
 *   `folders`: what the program can open, by name; what it writes there is in the maps afterwards. A path with slashes is in
 *   folders of its own. `onError`: gets each line of standard error, and a function that gives a file as it is.
 * @throws {Error} if it traps
 * @returns {{ code: number, output: string, errors: string, files: (folder: string) => Map<string, Uint8Array> }}
 */
export function run(module, { args, folders = {}, input = new Uint8Array(), onError = () => {} }) {
  const opened = Object.entries(folders).map(([name, files]) => new PreopenDirectory(name, contentsOf(files)));
  const directory = (folder) => opened.find(({ prestat_name }) => prestat_name === folder).dir;
  const files = (folder) => filesOf(directory(folder));
  const file = (folder, name) => directory(folder).contents.get(name)?.data;
  const output = collector();
  const errors = collector((line) => onError(line, file));
  const descriptors = [new OpenFile(new File(input)), output.stream, errors.stream, ...opened];
  const wasi = new WASI(args, [], descriptors, { debug: false });
  wasi.wasiImport.args_sizes_get = (count, size) => sizesOf(args, instance.exports.memory, count, size);
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport });
  try {
    const code = wasi.start(instance);
    return { code, output: output.end(), errors: errors.end(), files };
  } catch (error) {
    const said = errors.end().trim().split("\n").at(-1);
    throw new Error(`the program stopped (${error.message}); the input may be too large for the memory of the browser. ${said}`.trim());
  }
}

/** Writes how many arguments there are, and their bytes in all. The library counts characters where it has to count bytes. */
function sizesOf(args, memory, count, size) {
  const encoder = new TextEncoder();
  const view = new DataView(memory.buffer);
  view.setUint32(count, args.length, true);
  // Each ends in a zero.
  view.setUint32(size, args.reduce((sum, arg) => sum + encoder.encode(arg).length + 1, 0), true);
  return 0;
}

/** A stream whose bytes are kept as text, and given line by line. */
function collector(onLine = () => {}) {
  const decoder = new TextDecoder();
  let text = "";
  let line = "";
  const add = (more) => {
    text += more;
    const lines = (line + more).split("\n");
    line = lines.pop();
    lines.forEach(onLine);
  };
  return {
    stream: new ConsoleStdout((bytes) => add(decoder.decode(bytes, { stream: true }))),
    end() {
      add(decoder.decode());
      if (line) {
        onLine(line);
        line = "";
      }
      return text;
    },
  };
}

/** The tree of folders of files with these paths. */
function contentsOf(files) {
  const root = new Map();
  for (const [path, bytes] of files) {
    const parts = path.split("/").filter(Boolean);
    const name = parts.pop();
    let folder = root;
    for (const part of parts) {
      if (!folder.has(part)) {
        folder.set(part, new Directory(new Map()));
      }
      folder = folder.get(part).contents;
    }
    folder.set(name, new File(bytes));
  }
  return root;
}

/** All files of a folder, by their paths in it. */
function filesOf(directory, prefix = "") {
  const files = new Map();
  for (const [name, entry] of directory.contents) {
    if (entry instanceof Directory) {
      filesOf(entry, `${prefix}${name}/`).forEach((bytes, path) => files.set(path, bytes));
    } else {
      files.set(prefix + name, entry.data);
    }
  }
  return files;
}
