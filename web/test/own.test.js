/** Modules of a visitor's own, whole and broken. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { answers, give, withPage } from "./browser.js";

/** A folder with `iris-inference.wasm`, `.component.wasm`, `mnist-inference.wasm` and so on. */
const MODULES = process.env.BURN_ALGORITHMS_LIBRARIES;
const needed = { skip: MODULES ? false : "BURN_ALGORITHMS_LIBRARIES names no folder of modules" };
const file = (name) => ({ name, mimeType: "application/wasm", buffer: readFileSync(join(MODULES, name)) });

test("a module of each form and kind gets a form of its own", needed, () =>
  withPage("#own", async (page) => {
    await give(page, "Choose a module", file("iris-inference.wasm"));
    await answers(page, "Iris-versicolor");
    await page.getByLabel("petal_length", { exact: true }).fill("1.4");
    await page.getByLabel("petal_width", { exact: true }).fill("0.2");
    await answers(page, "Iris-setosa");
    await page.getByLabel("petal_width", { exact: true }).fill("-1");
    await page.getByRole("alert").getByText("petal_width").waitFor();
    await page.getByText("What this module can do").click();
    await page.getByText("fd_write (standard output)").waitFor();

    await give(page, "Choose a module", file("agnews-inference.wasm"));
    await answers(page, "Sports");

    await give(page, "Choose a module", file("mnist-inference.lib.wasm"));
    await answers(page, "Give a picture.");
    await give(page, "Choose a picture", { name: "4.png", mimeType: "image/png", buffer: readFileSync(new URL("../../mnist-inference/4.png", import.meta.url)) });
    await answers(page, "4");
  }));

test("a broken file of each kind is named, with the way out", needed, () =>
  withPage("#own", async (page) => {
    const library = file("iris-inference.lib.wasm").buffer;
    const broken = [
      ["empty.wasm", Buffer.alloc(0), "the file is empty"],
      ["text.wasm", Buffer.from("hello, this is a text"), "are not a WebAssembly module"],
      ["half.wasm", library.subarray(0, library.length / 2), "are not a whole WebAssembly module"],
      ["nothing.wasm", library.subarray(0, 8), "does not export"],
      ["component.wasm", Buffer.concat([library.subarray(0, 4), Buffer.from([0x0d, 0, 1, 0])]), "this is a component: open the file"],
      ["model.safetensors", readFileSync(new URL("../../artifacts/iris/model.safetensors", import.meta.url)), "this is a model file"],
      ["bad-model.wasm", damaged(library), "cannot be used"],
    ];
    for (const [name, buffer, message] of broken) {
      await give(page, "Choose a module", { name, mimeType: "application/wasm", buffer });
      await page.getByRole("alert").getByText(message).waitFor();
    }
    // Another program of WASI, which is no model.
    const program = await page.request.get(new URL("programs/convert-image.wasm", page.url()).href);
    await give(page, "Choose a module", { name: "program.wasm", mimeType: "application/wasm", buffer: await program.body() });
    await page.getByRole("alert").getByText("which no module of this project does").waitFor();
    await give(page, "Choose a module", file("iris-inference.lib.wasm"));
    await answers(page, "Iris-versicolor");
  }));

/** The library with another byte in the description of its model. */
function damaged(library) {
  const bytes = Buffer.from(library);
  bytes[bytes.indexOf('"format') + 3] = 0x78;
  return bytes;
}
