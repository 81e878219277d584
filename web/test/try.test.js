/** The models that come with the page. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { FOUR, answers, draw, give, withPage } from "./browser.js";

test("a 4 that is drawn with the mouse is read as a 4", () =>
  withPage("#digit", async (page) => {
    await draw(page, ...FOUR);
    await answers(page, "4");
    const share = await page.locator(".bars .row", { hasText: /^4/ }).locator(".share").textContent();
    assert.ok(Number.parseFloat(share) > 50, share);
    await page.getByRole("button", { name: "Undo a stroke" }).click();
    await page.getByRole("button", { name: "Clear" }).click();
    await answers(page, "Draw a digit.");
  }));

test("a 1 is drawn by keyboard alone", () =>
  withPage("#digit", async (page) => {
    await page.getByRole("application").focus();
    await page.keyboard.press("Space");
    for (let step = 0; step < 14; step += 1) {
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Space");
    await answers(page, "1");
    await page.keyboard.press("Backspace");
    await answers(page, "Draw a digit.");
  }));

test("a finger draws as well", () =>
  withPage(
    "#digit",
    async (page) => {
      const box = await page.getByRole("application").boundingBox();
      const session = await page.context().newCDPSession(page);
      const touch = (type, points) =>
        session.send("Input.dispatchTouchEvent", {
          type,
          touchPoints: points.map(([x, y]) => ({ x: box.x + box.width * x, y: box.y + box.height * y })),
        });
      await touch("touchStart", [[0.5, 0.2]]);
      for (let y = 0.25; y < 0.85; y += 0.05) {
        await touch("touchMove", [[0.5, y]]);
      }
      await touch("touchEnd", []);
      await answers(page, "1");
    },
    { hasTouch: true, viewport: { width: 390, height: 844 } },
  ));

test("a photo of a digit is prepared and read", () =>
  withPage("#digit", async (page) => {
    await give(page, "Choose a picture", { name: "größe 4 мм.jpg", mimeType: "image/jpeg", buffer: await photo(page) });
    await answers(page, "7");
    // The answer stays when the paper gets the focus.
    await page.getByRole("application").focus();
    await answers(page, "7");
  }));

test("a picture without a digit, and a file that is none, are refused", () =>
  withPage("#digit", async (page) => {
    await give(page, "Choose a picture", { name: "letter.png", mimeType: "image/png", buffer: Buffer.from("Dear all,") });
    await page.getByRole("alert").getByText(/PNG, JPEG/).waitFor();
    await draw(page, ...FOUR);
    await answers(page, "4");
    assert.equal(await page.getByRole("alert").textContent(), "");
  }));

test("a flower changes its species with its sliders", () =>
  withPage("#flower", async (page) => {
    await answers(page, "Iris-versicolor");
    for (const [name, value] of [["petal_length, slider", "1.4"], ["petal_width, slider", "0.2"]]) {
      await page.getByLabel(name).fill(value);
    }
    await answers(page, "Iris-setosa");
    assert.equal(await page.getByLabel("petal_length", { exact: true }).inputValue(), "1.4");
    await page.getByLabel("petal_length", { exact: true }).fill("-3");
    await page.getByRole("alert").getByText("petal_length").waitFor();
    assert.equal(await page.getByLabel("petal_length", { exact: true }).getAttribute("aria-invalid"), "true");
    await page.getByLabel("petal_length", { exact: true }).fill("");
    await page.getByRole("alert").getByText("Enter a value for petal_length.").waitFor();
    await page.getByRole("button", { name: "Back to the example" }).click();
    await answers(page, "Iris-versicolor");
  }));

test("a flower outside of the data is answered with a warning", () =>
  withPage("#flower", async (page) => {
    await page.getByLabel("sepal_length", { exact: true }).fill("12");
    await page.getByText("sepal_length: outside of what the model learnt from").waitFor();
  }));

test("a wine has a number with an interval", () =>
  withPage("#wine", async (page) => {
    await answers(page, "quality: 5");
    await page.getByText(/holds the true number in \d+ of 100 cases/).waitFor();
    await page.getByLabel("alcohol, slider").fill("14");
    await page.getByLabel("volatile_acidity, slider").fill("0.3");
    await page.waitForFunction(() => Number.parseFloat(document.querySelector("[data-answer]").textContent.split(": ")[1]) > 5.6);
  }));

test("a news item shows the words that weighed", () =>
  withPage("#news", async (page) => {
    await answers(page, "Sports");
    await page.getByLabel("title").fill("Shares fall as oil prices rise");
    await page.getByLabel("description").fill("Investors sold stocks after the bank raised its rates.");
    await answers(page, "Business");
    assert.ok((await page.locator("mark").count()) > 2);
    assert.ok((await page.locator(".weights li").count()) > 2);
    await page.getByLabel("title").fill("");
    await page.getByLabel("description").fill("");
    await answers(page, "Enter a text.");
  }));

test("the panel says that a module may ask nothing, and its digest", () =>
  withPage("#flower", async (page) => {
    await page.getByText("What this module can do").click();
    await page.getByText("nothing: it has no imports").waitFor();
    const response = await page.request.get(new URL("models/iris-inference.lib.wasm", page.url()).href);
    const digest = await crypto.subtle.digest("SHA-256", await response.body());
    await page.getByText(Buffer.from(digest).toString("hex")).waitFor();
  }));

/** A 7 in ink on a sheet of paper with a shadow, as a camera takes it. */
async function photo(page) {
  const address = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 480];
    const context = canvas.getContext("2d");
    const light = context.createLinearGradient(0, 0, 640, 480);
    light.addColorStop(0, "#f1e9d8");
    light.addColorStop(1, "#a89f90");
    context.fillStyle = light;
    context.fillRect(0, 0, 640, 480);
    context.strokeStyle = "#1d2a55";
    context.lineWidth = 17;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(250, 130);
    context.lineTo(390, 122);
    context.quadraticCurveTo(330, 210, 300, 350);
    context.stroke();
    return canvas.toDataURL("image/jpeg", 0.8);
  });
  return Buffer.from(address.split(",")[1], "base64");
}
