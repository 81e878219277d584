/** Training in the page. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Model } from "../../packages/js/src/index.js";
import { ADDRESS, answers, give, withPage } from "./browser.js";

/** Milliseconds that a training may take: here it is in question what it does, not how fast. */
const PATIENCE = 240_000;
const FLOWER = '{"SepalLengthCm": 6.1, "SepalWidthCm": 2.8, "PetalLengthCm": 4.7, "PetalWidthCm": 1.2}';

test("Iris: the model has the digest that wasmtime gives, and the module the same answer", () =>
  withPage("#train", async (page) => {
    await page.getByText("150 rows, 6 columns.").waitFor();
    assert.equal(await page.getByLabel("The column to be predicted").inputValue(), "Species");
    await page.getByText("`Id` identifies rows").waitFor();
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByText("The model iris is ready").waitFor({ timeout: PATIENCE });
    const digest = await page.locator("[data-digest]").textContent();
    assert.equal(digest, await trainedInWasmtime());
    assert.ok((await page.locator(".chart path").count()) > 1, "there are no curves");
    const report = page.frameLocator("iframe.report");
    await report.getByRole("heading", { level: 1 }).waitFor();
    // The report has its own style sheet, which the page allows by its digest.
    const width = await report.locator("main").evaluate((main) => getComputedStyle(main).maxWidth);
    assert.notEqual(width, "none");

    const form = page.locator(".result form");
    for (const [name, value] of Object.entries(JSON.parse(FLOWER))) {
      await form.getByLabel(name, { exact: true }).fill(String(value));
    }
    const shown = await page.locator(".result .bars .share").allTextContents();
    const folder = mkdtempSync(join(tmpdir(), "web-"));
    try {
      const [module, library] = [
        await download(page, "Download module", folder),
        await download(page, "Download library form", folder),
      ];
      const answer = execFileSync("wasmtime", ["run", module, "--json", FLOWER]).toString();
      assert.equal((await Model.load(library)).predictText(FLOWER), answer);
      const { probabilities } = JSON.parse(answer);
      const shares = Object.values(probabilities).sort((one, other) => other - one);
      assert.deepEqual(shown, shares.map((share) => `${(100 * share).toFixed(1)} %`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }));

test("a training that is stopped goes on to the same bytes", () =>
  withPage("#train", async (page) => {
    const train = async () => {
      await page.getByRole("button", { name: "Train", exact: true }).click();
    };
    await give(page, "Choose a table", table("points.csv", 400));
    await page.getByText("400 rows, 3 columns.").waitFor();
    await train();
    await page.getByText(/^Fold 2 of 5/).waitFor({ timeout: PATIENCE });
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped. What is finished is kept.").waitFor();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("The model points is ready").waitFor({ timeout: PATIENCE });
    const resumed = await page.locator("[data-digest]").textContent();
    await page.locator(".result").evaluate((result) => (result.id = "first"));
    await train();
    const digest = page.locator(".result:not(#first) [data-digest]");
    await digest.waitFor({ timeout: PATIENCE });
    assert.equal(await digest.textContent(), resumed);
  }));

test("names of any kind are understood: of the file, the columns and the target", () =>
  withPage("#train", async (page) => {
    const { buffer } = table("", 60);
    const lines = buffer.toString().replace("x,y,place", '"größe, 長さ",😀,"  вид  "');
    await give(page, "Choose a table", { name: "данные за год.csv", mimeType: "text/csv", buffer: Buffer.from(lines) });
    await page.getByText("60 rows, 3 columns.").waitFor();
    await page.getByLabel("Use 😀").uncheck();
    await page.getByText("Settings").click();
    await page.getByLabel("Seed of every random choice").fill("1.5");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByRole("alert").getByText("a whole number").waitFor();
    await page.getByLabel("Seed of every random choice").fill("7");
    for (const family of ["boosted trees", "a network"]) {
      await page.getByLabel(family).uncheck();
    }
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByText("The model данные-за-год is ready").waitFor({ timeout: PATIENCE });
    await page.locator(".result form").getByLabel("größe, 長さ", { exact: true }).waitFor();
  }));

test("other data in the middle of a training ends it", () =>
  withPage("#train", async (page) => {
    await give(page, "Choose a table", table("points.csv", 400));
    await page.getByText("400 rows, 3 columns.").waitFor();
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByText(/^Fold 1 of 5/).waitFor({ timeout: PATIENCE });
    await page.getByLabel("The column to be predicted").selectOption("x");
    await give(page, "Choose a table", table("others.csv", 50));
    await page.getByText("50 rows, 3 columns.").waitFor();
    assert.equal(await page.getByRole("alert").filter({ hasText: /./ }).count(), 0);
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByText("The model others is ready").waitFor({ timeout: PATIENCE });
  }));

test("texts are learnt from", () =>
  withPage("#train", async (page) => {
    await page.getByLabel("Texts").check();
    await give(page, "Choose texts", texts());
    await page.getByText("120 rows, 2 columns.").waitFor();
    assert.ok(await page.getByLabel("Use message").isChecked());
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByText("The model messages is ready").waitFor({ timeout: PATIENCE });
    await page.locator(".result textarea").fill("win a free prize now");
    await answers(page, "spam");
  }));

test("pictures are learnt from", () =>
  withPage("#train", async (page) => {
    const folder = mkdtempSync(join(tmpdir(), "web-"));
    try {
      for (const kind of ["across", "down"]) {
        mkdirSync(join(folder, "stripes", kind), { recursive: true });
        for (let index = 0; index < 20; index++) {
          writeFileSync(join(folder, "stripes", kind, `${index}.bmp`), stripes(kind, index));
        }
      }
      await page.getByLabel("Pictures").check();
      await give(page, "Choose a folder", join(folder, "stripes"));
      await page.getByText("40 files.").waitFor();
    } finally {
      rmSync(folder, { recursive: true });
    }
    await page.getByText("Settings").click();
    await page.getByLabel("Epochs of each network").fill("0");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByRole("alert").getByText("a whole number").waitFor();
    await page.getByLabel("Epochs of each network").fill("1");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByText("The model stripes is ready").waitFor({ timeout: PATIENCE });
    for (const kind of ["across", "down"]) {
      await give(page, "Choose a picture", { name: `${kind}.bmp`, mimeType: "image/bmp", buffer: stripes(kind, 99) });
      await answers(page, kind);
    }
  }));

test("data that cannot be learnt from is refused in words", () =>
  withPage("#train", async (page) => {
    await give(page, "Choose a table", { name: "empty.csv", mimeType: "text/csv", buffer: Buffer.alloc(0) });
    await page.getByRole("alert").getByText(/empty/).waitFor();
    await give(page, "Choose a table", { name: "picture.csv", mimeType: "text/csv", buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2]) });
    await page.getByRole("alert").getByText("picture.csv").waitFor();
    await give(page, "Choose a table", { name: "short.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,x\n2,y\n") });
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByRole("alert").getByText(/expected at least/).waitFor();
  }));

/** The path of the file that a button gives. */
async function download(page, button, folder) {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = await download;
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

/** A table of so many points in two classes. */
function table(name, rows) {
  const lines = Array.from({ length: rows }, (_, row) => {
    const [x, y] = [(row * 37) % 101, (row * 53) % 97];
    return `${x},${y},${(x - 50) ** 2 + (y - 50) ** 2 < 1200 ? "in" : "out"}`;
  });
  return { name, mimeType: "text/csv", buffer: Buffer.from(`x,y,place\n${lines.join("\n")}\n`) };
}

function texts() {
  const spam = ["win a prize now", "free money for you", "claim your free prize", "cheap offer, win big"];
  const ham = ["see you at lunch", "the meeting is at ten", "thanks for your help", "call me when you are home"];
  const lines = Array.from({ length: 60 }, (_, row) => `spam,"${spam[row % 4]} ${row}"\nham,"${ham[row % 4]} ${row}"`);
  return { name: "messages.csv", mimeType: "text/csv", buffer: Buffer.from(`kind,message\n${lines.join("\n")}\n`) };
}

/** A picture of 8 × 8 pixels with stripes `across` or `down`, in shades after `index`: a bitmap of 24 bits a pixel. */
function stripes(kind, index) {
  const side = 8;
  const header = Buffer.alloc(54);
  header.write("BM");
  header.writeUInt32LE(header.length + side * side * 3, 2);
  header.writeUInt32LE(header.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeUInt32LE(side, 18);
  header.writeUInt32LE(side, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  const light = 150 + ((index * 7) % 100);
  const shades = Array.from({ length: side * side }, (_, pixel) => {
    const place = kind === "across" ? Math.floor(pixel / side) : pixel % side;
    return Math.floor((place + index) / 2) % 2 === 0 ? light : index % 40;
  });
  return Buffer.concat([header, Buffer.from(shades.flatMap((shade) => [shade, shade, shade]))]);
}

/** The digest of the model file of Iris, made by the page's trainer in wasmtime. */
async function trainedInWasmtime() {
  const folder = mkdtempSync(join(tmpdir(), "web-"));
  try {
    for (const [path, name] of [
      ["programs/tabular-flex.wasm", "tabular-flex.wasm"],
      ["data/iris.csv", "iris.csv"],
    ]) {
      const response = await fetch(new URL(path, ADDRESS));
      writeFileSync(join(folder, name), Buffer.from(await response.arrayBuffer()));
    }
    const args = ["run", "--dir", ".", "tabular-flex.wasm", "--data", "iris.csv", "--target", "Species", "--quiet"];
    execFileSync("wasmtime", args, { cwd: folder, stdio: "pipe" });
    return createHash("sha256").update(readFileSync(join(folder, "artifacts/iris/model.safetensors"))).digest("hex");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
