/** The models that come with the page. */

import { Model } from "../../burn-algorithms/index.js";
import { modelForm } from "./form.js";

const TITLES = { iris: "An iris flower", "wine-quality": "A red wine", agnews: "A news article" };

/** Loads the shipped model `name`. */
export async function shipped(name) {
  const file = `${name}-inference.lib.wasm`;
  return { model: await Model.load(new URL(`../../models/${file}`, import.meta.url)), file };
}

/** The form of the shipped model `name`. */
export async function view(name) {
  return modelForm(await shipped(name), { title: TITLES[name] });
}
