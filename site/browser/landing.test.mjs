// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Goes from the filters of a list to the pages about their values, from the page
// of a licence to the question about two, and from the list to a comparison; all
// without JavaScript.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { folder, host, launch, mistakes, open, served, violations, wider } from "./browser.mjs";

let browser;
let files;
before(async () => {
  browser = await launch();
  if (folder) files = await host(folder);
});
after(async () => {
  await browser?.close();
  files?.close();
});

// sound holds a page against what every page must do.
async function sound(page, trouble) {
  const sent = await (await fetch(page.url())).text();
  assert.deepEqual(await mistakes(sent), []);
  assert.ok(await wider(page) <= 0, "wider than the window");
  assert.deepEqual(trouble, []);
}

test("entries are ticked in the list and compared", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 375, height: 800 } });
  const { page, trouble } = await open(context, `${served}/software/`);
  const boxes = page.getByRole("checkbox");
  for (const i of [0, 1, 2]) await boxes.nth(i).check();
  await Promise.all([page.waitForURL(/\/compare\/\?id=.+&id=.+&id=/), page.getByRole("button", { name: "Vergleichen" }).click()]);
  for (const row of ["Weitergeben?", "Art der Pflege", "Offene Issues", "Bestätigt", "Vom Herausgeber genannt"]) {
    await page.getByRole("rowheader", { name: row, exact: true }).waitFor();
  }
  assert.equal(await page.locator(".compared thead th").count(), 3);
  await sound(page, trouble);
  await context.close();
});

test("a licence is chosen to be combined with", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const { page, trouble } = await open(context, `${served}/licences/GPL-2.0-only/`);
  const row = page.locator(".pairings tr", { has: page.getByRole("link", { name: "Apache-2.0", exact: true }) });
  assert.match(await row.innerText(), /nein/);
  await row.locator("summary").click();
  await row.getByText("Quelle:").first().waitFor();
  await sound(page, trouble);
  await page.getByLabel("Darf ich GPL-2.0-only verbinden mit:").selectOption("MIT");
  await Promise.all([page.waitForURL(/situation=combine/), page.getByRole("button", { name: "Prüfen" }).click()]);
  await page.locator(".reply-verdict").getByText("ja", { exact: true }).waitFor();
  await context.close();
});

test("the filters of a written list lead to pages", { skip: !folder && "ALLMENDE_STATIC is not set" }, async () => {
  for (const javaScriptEnabled of [false, true]) {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1280, height: 900 }, colorScheme: "dark" });
    const { page, trouble, response } = await open(context, `${files.base}/software/`);
    assert.equal(response.status(), 200);
    const link = page.locator('.facet a[data-facet="category"]').first();
    const total = (await link.locator(".count").innerText()).replace(/\D/g, "");
    const [name] = (await link.innerText()).split("\n");
    await Promise.all([page.waitForURL(/\/categories\/[^/]+\/$/), link.click()]);
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), name);
    assert.equal(await page.locator(".card").count(), Number(total));
    if (javaScriptEnabled) assert.deepEqual(await violations(page), []);
    await sound(page, trouble);
    await context.close();
  }
});
