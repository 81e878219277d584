/** What a trainer gets: its arguments, and the folders that are opened for it. */

import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { TrainingError } from "./errors.js";

/** Options that name a file or a folder to be read. */
const READ = ["test", "schema", "sign", "program"];
/** What the data is if its file has no name. */
const NAMELESS = { tabular: "table", texts: "texts", images: "images" };

/**
 * What the trainer gets for a user's options. Takes those with paths out of `options`.
 *
 * @param {string} trainer `tabular`, `texts` or `images`
 * @param {string} data a path
 * @param {Record<string, unknown>} options
 * @returns {{ args: string[], preopens: Record<string, string>, artifacts: string, folder: string, translate: (text: string) => string }}
 *   `artifacts`: the folder that is written, as the user has it; `folder`: where it is; `translate`: gives a text the
 *   user's paths in place of those in the sandbox
 */
export function sandbox(trainer, data, options) {
  const preopens = {};
  const shown = new Map();
  const read = (option, path) => {
    const guest = openPath(preopens, option, path);
    shown.set(guest, path);
    return `--${option}=${guest}`;
  };
  const args = [read("data", data)];
  for (const option of READ) {
    if (options[option] !== undefined && options[option] !== null) {
      args.push(read(option, toPath(options[option])));
      delete options[option];
    }
  }
  const name = modelName(data, options.name, trainer);
  // The sandbox has the file that a link points to, under its own name.
  if (options.name === undefined && statSync(data).isFile() && basename(data) !== basename(realpathSync(data))) {
    args.push(`--name=${name}`);
  }
  const artifacts = toPath(options.artifacts ?? join("artifacts", name));
  delete options.artifacts;
  const folder = resolve(artifacts);
  const guest = guestName("artifacts", basename(folder));
  preopens[guest] = folder;
  shown.set(guest, artifacts);
  args.push(`--artifacts=${guest}`);
  return { args, preopens, artifacts, folder, translate: translator(shown) };
}

/**
 * Options as arguments: `noHeader: true` becomes `--no-header`.
 *
 * @param {Record<string, unknown>} options
 * @returns {string[]}
 */
export function toArguments(options) {
  return Object.entries(options).flatMap(([name, value]) => {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll("_", "-")}`;
    if (value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0)) {
      return [];
    }
    const comma = Array.isArray(value) && value.find((item) => String(item).includes(","));
    if (comma) {
      throw new TrainingError(`\`${name}\` has the item \`${comma}\`: an item may have no comma`);
    }
    return [value === true ? option : `${option}=${value}`];
  });
}

/** What a trainer calls the model of `data`: `name`, or else after the file or folder. */
export function modelName(data, name, trainer) {
  const file = basename(resolve(data));
  const own = trainer === "images" ? file : file.split(".").find(Boolean);
  return String(name ?? own ?? "").replace(/[^\p{L}\p{N}_-]/gu, "-") || NAMELESS[trainer];
}

function openPath(preopens, option, path) {
  let real;
  try {
    real = realpathSync(path);
  } catch (cause) {
    throw new TrainingError(`${path}: there is no such file or folder`, { cause });
  }
  if (statSync(real).isDirectory()) {
    // Classes and models are called after the folder.
    const guest = guestName(option, basename(resolve(path)));
    preopens[guest] = real;
    return guest;
  }
  preopens[option] = dirname(real);
  return `${option}/${basename(real)}`;
}

function guestName(option, name) {
  return name ? `${option}/${name}` : option;
}

function toPath(value) {
  return value instanceof URL ? fileURLToPath(value) : String(value);
}

function translator(shown) {
  const guests = [...shown.keys()].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(guests.map((guest) => guest.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"), "g");
  return (text) => text.replace(pattern, (guest) => shown.get(guest));
}
