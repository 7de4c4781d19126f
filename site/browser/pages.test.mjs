// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Uses what a running site has beside lists and entries: the changes of entries,
// statistics, comparisons, why something is not listed. Without JavaScript.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, served as base } from "./browser.mjs";

let browser;
const variant = "github.example/elbe-dienste/elbstrand"; // of the demo's samples
let changed; // the page of the entry with most changes, of the first on the list

before(async () => {
  browser = await launch();
  const list = await (await fetch(`${base}/software/`)).text();
  let most = 0;
  for (const [, path] of list.matchAll(/<h3 class="card-name"><a href="([^"]*)"/g)) {
    const n = (await (await fetch(base + path.replace("/software/", "/history/"))).text()).length;
    if (n > most) [most, changed] = [n, path];
  }
});

after(() => browser?.close());

test("an entry leads to its changes and back", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(base + changed);
  const name = await page.locator("h1").textContent();
  await page.getByRole("link", { name: "Alle Änderungen ansehen" }).click();
  assert.equal(await page.locator("h1").textContent(), `Verlauf: ${name}`);
  const kinds = await page.locator(".revision h2").allTextContents();
  assert.ok(kinds.length > 0);
  for (const kind of kinds) assert.match(kind, /^(Aufgenommen|Geändert|Umgezogen|Entfernt|Wieder aufgenommen) · .* · Revision \d+$/);
  const times = await page.locator(".revision time").evaluateAll((all) => all.map((e) => e.dateTime));
  assert.deepEqual(times, [...times].sort().reverse(), "not the newest first");
  await page.getByRole("link", { name: "Zum Eintrag" }).click();
  assert.equal(await page.locator("h1").textContent(), name);
  await context.close();
});

test("an entry leads to others that are like it", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(base + changed);
  const name = await page.locator("h1").textContent();
  await page.locator(".similar li a").first().click();
  assert.notEqual(await page.locator("h1").textContent(), name);
  await context.close();
});

test("statistics are found, and their numbers are those of the catalogue", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${base}/software/`);
  const total = (await page.locator(".results-count").textContent()).match(/(\d+)\D*$/)[1];
  await page.locator("footer").getByRole("link", { name: "Statistik" }).click();
  const entries = page.getByRole("region", { name: "Einträge", exact: true });
  const row = entries.getByRole("row", { name: /^alle Einträge/ });
  const cells = await row.getByRole("cell").allTextContents();
  assert.equal(cells.at(cells.length > 1 ? 1 : 0), total);
  // A drawing has a text that tells what it shows; with one day there is none.
  for (const drawing of await page.locator(".chart > svg").all()) {
    assert.match(await drawing.locator("desc").textContent(), /^Linien vom .*: von \d/);
    assert.ok((await drawing.boundingBox()).height > 100);
  }
  await context.close();
});

test("a variant is put beside what it comes from", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${base}/software/${variant}/`);
  const name = await page.locator("h1").textContent();
  await page.getByRole("link", { name: "Nebeneinander ansehen" }).first().click();
  const heads = await page.locator("table.compared thead th").allTextContents();
  assert.equal(heads.length, 2);
  assert.ok(heads.includes(name), `${name} is not among ${heads}`);
  await page.locator("tbody th[scope=row]", { hasText: /^Lizenz$/ }).waitFor();
  await context.close();
});

test("a maintainer learns why a repository is not listed", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(base);
  await page.locator("footer").getByRole("link", { name: "Warum ist mein Repository nicht gelistet?" }).click();
  await page.getByLabel("Adresse des Repositorys").fill("https://github.example/niemand/nichts");
  await page.getByRole("button", { name: "Nachsehen" }).click();
  assert.match(await page.locator(".reply").textContent(), /Keine eingetragene Quelle|noch nicht besucht/);
  await page.getByLabel("Adresse des Repositorys").fill(variant);
  await page.getByRole("button", { name: "Nachsehen" }).click();
  await page.locator(".reply").getByRole("link", { name: variant }).click();
  await page.locator("h1").waitFor();
  assert.ok(page.url().endsWith(`/software/${variant}/`));
  await context.close();
});
