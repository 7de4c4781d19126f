// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Makes a dossier from the page of an entry, as a person without JavaScript
// would, and looks at it: axe finds nothing, the HTML is valid, nothing is asked
// of another origin, nothing is wider than the window; it prints as a PDF; its
// checksum is that of the JSON. ALLMENDE_URL and CHROMIUM are as in
// browser.mjs.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";
import { violations } from "./browser.mjs";

const base = (process.env.ALLMENDE_URL ?? "").replace(/\/+$/, "");
if (!base) throw new Error("ALLMENDE_URL is not set: start the site and give its address");

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const screenshots = new URL("screenshots/", import.meta.url);
const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "long-title": "off", "no-trailing-whitespace": "off", "no-inline-style": "off", "tel-non-breaking": "off" } });

let browser;
let served; // the site is served: files make no dossiers

before(async () => {
  await mkdir(screenshots, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags, timeout: 60_000 });
  served = (await fetch(`${base}/v1/software?perPage=1`)).ok;
});

after(() => browser?.close());

for (const [lang, prefix] of Object.entries({ de: "", en: "/en" })) {
  for (const verdict of ["match", "conflict"]) {
    test(`${lang} dossier of an entry whose verdict is ${verdict}`, { timeout: 90_000 }, async (t) => {
      if (!served) return t.skip("the site is files");
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
      const page = await context.newPage();
      const elsewhere = [];
      page.on("request", (request) => {
        if (new URL(request.url()).origin !== new URL(base).origin) elsewhere.push(request.url());
      });
      await page.goto(`${base}${prefix}/software/?verdict=${verdict}`);
      await page.locator(".card-name a").first().click();
      await page.locator('form[action*="/v1/dossiers"] button').click();
      await page.waitForURL(/\/v1\/dossiers\/[0-9a-f]{64}\.html/);
      const url = page.url();
      const [, hash] = url.match(/dossiers\/([0-9a-f]{64})/);
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      assert.equal(await page.locator("h1").count(), 1);
      assert.ok((await page.content()).includes(hash));
      const report = await validator.validateString(await (await context.request.get(url)).text());
      assert.deepEqual(report.results.flatMap((r) => r.messages.map((m) => `${m.ruleId}: ${m.message} (line ${m.line})`)), []);
      await context.close();

      for (const width of [320, 1280]) {
        const scripted = await browser.newContext({ viewport: { width, height: 900 } });
        const again = await scripted.newPage();
        await again.goto(url);
        const wider = await again.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wider <= 0, `${wider} pixels wider than a window of ${width}`);
        assert.deepEqual(await violations(again), []);
        await again.screenshot({ path: new URL(`dossier-${verdict}-${lang}-${width}.png`, screenshots).pathname, fullPage: true });
        if (width === 1280) {
          const pdf = await again.pdf({ path: new URL(`dossier-${verdict}-${lang}.pdf`, screenshots).pathname, format: "A4", preferCSSPageSize: true });
          assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
          const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
          assert.ok(pages >= 2 && pages <= 20, `${pages} pages on paper`);
        }
        await scripted.close();
      }
      const json = Buffer.from(await (await fetch(`${base}/v1/dossiers/${hash}`)).arrayBuffer());
      assert.equal(createHash("sha256").update(json).digest("hex"), hash);
      const spdx = await (await fetch(`${base}/v1/dossiers/${hash}.spdx.json`)).json();
      assert.equal(spdx.spdxVersion, "SPDX-2.3");
      assert.deepEqual(elsewhere, []);
    });
  }
}
