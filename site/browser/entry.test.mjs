// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// The page of an entry that has screenshots: with the script they open in a
// dialog that the keyboard can use, without it their links lead to them; what is
// to be cited can be copied.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const base = (process.env.ALLMENDE_URL ?? "").replace(/\/+$/, "");
if (!base) throw new Error("ALLMENDE_URL is not set: start the site and give its address, such as ALLMENDE_URL=http://127.0.0.1:8080 npm test");

const path = "/software/github.example/isar-fachverfahren/bauakte/";
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu"], timeout: 60_000 });
});
after(() => browser?.close());

test("screenshots in a dialog, by keyboard alone", async () => {
  const context = await browser.newContext({ viewport: { width: 375, height: 800 } });
  const page = await context.newPage();
  await page.goto(base + path);
  const link = page.locator(".pictures a").first();
  const dialog = page.locator("dialog");
  const shown = () => dialog.locator("img").getAttribute("alt");
  await link.focus();
  await page.keyboard.press("Enter");
  assert.ok(await dialog.isVisible());
  assert.equal(page.url(), base + path, "the link was followed");
  assert.equal(await dialog.getAttribute("aria-label"), "Bildschirmfotos");
  assert.ok(await dialog.evaluate((d) => d.contains(document.activeElement)), "the focus stays outside");
  assert.equal(await shown(), "Bildschirmfoto 1 von Bauakte");
  await page.keyboard.press("ArrowRight");
  assert.equal(await shown(), "Bildschirmfoto 2 von Bauakte");
  await page.keyboard.press("ArrowRight");
  assert.equal(await shown(), "Bildschirmfoto 1 von Bauakte", "after the last comes the first");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await dialog.locator("p").textContent(), "2 / 2");
  await page.waitForFunction(() => document.querySelector("dialog img").complete);
  const { violations } = await new AxeBuilder({ page }).include("dialog").analyze();
  assert.deepEqual(violations.map((v) => v.id), []);
  assert.ok(await page.evaluate(() => document.querySelector("dialog").scrollWidth <= innerWidth), "the dialog is wider than the window");
  await page.keyboard.press("Escape");
  assert.ok(!(await dialog.isVisible()));
  assert.ok(await link.evaluate((a) => a === document.activeElement), "the focus does not come back");
  await link.click();
  await page.getByRole("button", { name: "Schließen" }).click();
  assert.ok(!(await dialog.isVisible()));
  await context.close();
});

test("screenshots without JavaScript", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(base + path);
  const [response] = await Promise.all([page.waitForResponse(/\/pictures\/[0-9a-f]{64}\.png$/), page.locator(".pictures a").first().click()]);
  assert.equal(response.headers()["content-type"], "image/png");
  assert.equal(await page.locator(".copy-button").count(), 0);
  await context.close();
});

test("a citation is copied", async () => {
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.goto(`${base}/en${path}`);
  await page.getByText("Cite", { exact: true }).click();
  await page.getByRole("button", { name: "Copy BibTeX" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^@software\{bauakte\d{4},\n {2}author {2}= \{\{Isar Fachverfahren\}\},/);
  await context.close();
});
