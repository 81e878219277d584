/** The page without a network. */

import { test } from "node:test";

import { FOUR, answers, draw, ready, withPage } from "./browser.js";

test("without a network, the page does what it did", () =>
  withPage("#digit", async (page) => {
    await page.getByText("Without a network, the page works with what you have opened so far.").waitFor();
    await openWithoutNetwork(page);
    await draw(page, ...FOUR);
    await answers(page, "4");
  }));

test("a part that was opened before the service worker was there works without a network", () =>
  withPage("#news", async (page) => {
    await page.getByText("Without a network, the page works with what you have opened so far.").waitFor();
    await openWithoutNetwork(page);
    await answers(page, "Sports");
  }));

test("without a network, all of the page works if a visitor wants it", () =>
  withPage("#digit", async (page) => {
    await page.getByRole("button", { name: /Keep the rest/ }).click();
    await page.getByText("All of the page works without a network.").waitFor({ timeout: 60_000 });
    await openWithoutNetwork(page);
    await page.getByRole("link", { name: "News" }).click();
    await answers(page, "Sports");
    await page.getByRole("link", { name: "Wine" }).click();
    await answers(page, "quality: 5");
    await page.getByRole("link", { name: "Train" }).click();
    await page.getByText("150 rows, 6 columns.").waitFor({ timeout: 60_000 });
  }));

/** Loads the page again, without a network. */
async function openWithoutNetwork(page) {
  await page.context().setOffline(true);
  await page.reload();
  await ready(page);
}
