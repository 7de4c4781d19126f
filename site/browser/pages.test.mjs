// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Looks at what a running site has beside lists and entries: the changes of
// entries, statistics, comparisons, why something is not listed. Without JavaScript
// as people would, and with axe at the narrowest and a wide window, light and dark.
// ALLMENDE_URL and CHROMIUM are as in site.test.mjs.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const base = (process.env.ALLMENDE_URL ?? "").replace(/\/+$/, "");
if (!base) throw new Error("ALLMENDE_URL is not set: start the site and give its address");

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const screenshots = new URL("screenshots/", import.meta.url);
const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "form-dup-name": "off", "long-title": "off", "no-trailing-whitespace": "off", "require-sri": "off", "tel-non-breaking": "off" } });

let browser;
const variant = "github.example/elbe-dienste/elbstrand"; // of the demo's samples
const paths = { statistics: "/statistics/", listed: "/listed/", why: "/listed/?url=github.example/niemand/nichts", comparison: "/compare/" };

before(async () => {
  await mkdir(screenshots, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags, timeout: 60_000 });
  const page = await browser.newPage();
  // Of the entries on the first page, the one with most to tell.
  await page.goto(`${base}/software/`);
  const entries = await page.locator(".card-name a").evaluateAll((links) => links.map((a) => a.getAttribute("href")));
  let most = 0;
  for (const href of entries) {
    const path = href.replace("/software/", "/history/");
    const n = (await (await fetch(base + path)).text()).length;
    if (n > most) [most, paths.history] = [n, path];
  }
  // A variant, beside what it comes from.
  await page.goto(`${base}/software/${variant}/`);
  paths.compared = await page.locator("#family ~ .family a[href*='/compare/']").first().getAttribute("href");
  await page.close();
});

after(() => browser?.close());

for (const [lang, prefix] of Object.entries({ de: "", en: "/en" })) {
  for (const [width, colorScheme] of [[320, "light"], [320, "dark"], [1280, "light"], [1280, "dark"]]) {
    test(`${lang} ${width} ${colorScheme}`, { timeout: 120_000 }, async (t) => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
      for (const [kind, path] of Object.entries(paths)) {
        await t.test(kind, async () => {
          const page = await context.newPage();
          const trouble = [];
          page.on("console", (message) => trouble.push(message.text()));
          await page.goto(base + prefix + path);
          await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
          await page.screenshot({ path: new URL(`${kind}-${lang}-${width}-${colorScheme}-all.png`, screenshots).pathname, fullPage: true });
          const { violations } = await new AxeBuilder({ page }).options({ rules: { "target-size": { enabled: true } } }).analyze();
          assert.deepEqual(violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => `${n.target} (${n.failureSummary})`).join("; ")}`), []);
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wider <= 0, `${wider} pixels wider than the window`);
          assert.deepEqual(trouble, []);
          await page.close();
        });
      }
      await context.close();
    });
  }

  test(`the HTML is valid, ${lang}`, async () => {
    for (const path of Object.values(paths)) {
      const report = await validator.validateString(await (await fetch(base + prefix + path)).text());
      assert.deepEqual(report.results.flatMap((r) => r.messages).map((m) => `${path} ${m.line}:${m.column} ${m.ruleId}: ${m.message}`), []);
    }
  });
}

test("an entry leads to its changes and back", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(base + paths.history.replace("/history/", "/software/"));
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
  await page.goto(base + paths.history.replace("/history/", "/software/"));
  const name = await page.locator("h1").textContent();
  await page.locator(".similar .card-name a").first().click();
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
  await page.getByRole("rowheader", { name: "Lizenz", exact: true }).waitFor();
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
