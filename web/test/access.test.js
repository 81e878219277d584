/** Whether everybody can use the page: the checks of axe, and the keyboard. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { FOUR, draw, ready, withPage } from "./browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PARTS = ["digit", "flower", "wine", "news", "own", "train"];

for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 1280]) {
    test(`axe finds nothing, ${colorScheme}, ${width} pixels wide`, () =>
      withPage(
        "#digit",
        async (page) => {
          await draw(page, ...FOUR);
          for (const part of PARTS) {
            await page.evaluate((part) => (location.hash = part), part);
            await ready(page);
            if (part === "train") {
              await page.getByText("150 rows, 6 columns.").waitFor({ timeout: 60_000 });
            }
            for (const details of await page.locator("details").all()) {
              await details.evaluate((node) => (node.open = true));
            }
            if (part === "train") {
              await page.getByRole("button", { name: "Train", exact: true }).click();
              await page.getByText("The model iris is ready").waitFor({ timeout: 240_000 });
            }
            assert.deepEqual(await findings(page), [], part);
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            assert.equal(overflow, 0, `${part} is wider than the window`);
          }
        },
        { colorScheme, viewport: { width, height: 844 } },
      ));
  }
}

test("all parts are reached by keyboard, and what has the focus is seen", () =>
  withPage("#digit", async (page) => {
    const names = new Set();
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press("Tab");
      const [name, outline] = await page.evaluate(() => {
        const { activeElement } = document;
        const name = activeElement === document.body ? "" : activeElement.textContent || activeElement.getAttribute("aria-label");
        return [name.trim(), getComputedStyle(activeElement).outlineStyle];
      });
      // After the last element, the focus is in the browser's own buttons.
      if (name) {
        names.add(name);
        assert.notEqual(outline, "none", name);
      }
    }
    for (const name of ["Digit", "Train", "Clear", "Undo a stroke", "Choose a picture"]) {
      assert.ok(names.has(name), `${name} is not reached: ${[...names].join(", ")}`);
    }
  }));

/** What axe finds: the rule, and the element. */
async function findings(page) {
  // The page allows no scripts of others; the debugger's are none of the page's.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => (await globalThis.axe.run(document, { iframes: false })).violations);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).slice(0, 3).join("; ")}`);
}
