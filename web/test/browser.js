/** What the tests of the page share: a browser that fails a test for any error or any request to elsewhere. */

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { chromium } from "playwright-core";

/** Where the page is served. */
export const ADDRESS = process.env.BURN_ALGORITHMS_WEB ?? "http://127.0.0.1:8000/";
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Debian's Chromium asks its maker's servers for updates and more, unless it is told not to. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});
after(() => browser?.close());

/**
 * Opens a part of the page in a new profile, gives it to `use`, and checks that nothing went wrong.
 *
 * @param {string} part such as `#digit`
 * @param {(page: import("playwright-core").Page, problems: string[]) => Promise<void>} use
 * @param {object} [options] of the profile
 */
export async function withPage(part, use, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const problems = [];
  const page = await context.newPage();
  watch(page, problems);
  try {
    await page.goto(ADDRESS + part);
    await ready(page);
    await use(page, problems);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

/** Waits until a part of the page is shown. */
export async function ready(page) {
  await page.locator("main section:not([aria-busy]) h2").first().waitFor();
  await page.locator("main:not(:has([aria-busy]))").waitFor();
}

function watch(page, problems) {
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      problems.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(ADDRESS) && !/^(blob|data|about):/.test(url)) {
      problems.push(`request: ${url}`);
    }
  });
}

/** Draws lines on the paper; points are from 0 to 1. */
export async function draw(page, ...lines) {
  const paper = page.getByRole("application");
  await paper.scrollIntoViewIfNeeded();
  const box = await paper.boundingBox();
  const place = ([x, y]) => [box.x + box.width * x, box.y + box.height * y];
  for (const [start, ...rest] of lines) {
    await page.mouse.move(...place(start));
    await page.mouse.down();
    for (const point of rest) {
      await page.mouse.move(...place(point), { steps: 6 });
    }
    await page.mouse.up();
  }
}

/** A 4, as people write it. */
export const FOUR = [
  [
    [0.36, 0.2],
    [0.3, 0.55],
    [0.7, 0.55],
  ],
  [
    [0.62, 0.28],
    [0.58, 0.86],
  ],
];

/** Waits until the answer is `text`. */
export async function answers(page, text) {
  await page.locator("[data-answer]:visible", { hasText: text }).first().waitFor();
}

/** Gives files to the button with this name. */
export async function give(page, button, files) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button }).click();
  await (await chooser).setFiles(files);
}
