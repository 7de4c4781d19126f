// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Uses the site by keyboard, its forms without JavaScript and its search, as
// served and, with ALLMENDE_STATIC, as files.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { folder, host, languages, launch, open, served } from "./browser.mjs";

const bases = { served };
let files;
if (folder) {
  files = await host(folder);
  bases.written = files.base;
}

let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser?.close();
  files?.close();
});

test("questions about licences are answered without JavaScript", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const { page } = await open(context, `${served}/licences/`);
  await page.getByLabel("Lizenz", { exact: true }).fill("Apache License 2.0");
  await Promise.all([page.waitForURL(/expression=/), page.getByRole("button", { name: "Erklären" }).click()]);
  await page.getByText("Verstanden als: Apache-2.0").waitFor();
  await page.getByLabel("Was haben Sie vor?").selectOption("combine");
  await page.getByLabel("Lizenz 1").fill("GPL-2.0-only");
  await page.getByLabel("Lizenz des Ganzen").fill("GPL-3.0-only");
  await Promise.all([page.waitForURL(/situation=combine/), page.getByRole("button", { name: "Prüfen" }).click()]);
  await page.getByText("Nicht alle Teile dürfen in das Werk eingehen").waitFor();
  await context.close();
});

for (const [name, base] of Object.entries(bases)) {
  describe(name, () => {
    const written = name === "written"; // files answer no form: a script does, where there is one

    for (const [lang, prefix] of Object.entries(languages)) {
      test(`skip link and search by keyboard, ${lang}`, async () => {
        const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
        const { page } = await open(context, `${base}${prefix}/`);
        const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
        await page.keyboard.press("Tab");
        assert.equal(await focused(), "skip");
        assert.ok(await page.locator(".skip").isVisible());
        await page.keyboard.press("Enter");
        assert.equal(await focused(), "content");
        await page.keyboard.press("Tab");
        assert.equal(await focused(), "q", "the search is the first thing in the content");
        await page.keyboard.type("e");
        await Promise.all([page.waitForURL(/[?&]q=e(&|$)/), page.keyboard.press("Enter")]);
        await page.locator(".card, .results .blank").first().waitFor();
        assert.equal(await page.locator("#q").inputValue(), "e");
        await context.close();
      });
    }

    test("every focus on the list can be seen", async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const { page } = await open(context, `${base}/software/`);
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press("Tab");
        const seen = await page.evaluate(() => {
          const e = document.activeElement;
          if (e === document.body) return true;
          const style = getComputedStyle(e);
          const box = e.getBoundingClientRect();
          return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.height > 0;
        });
        assert.ok(seen, `stop ${i + 1} has no visible focus: ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200))}`);
      }
      await context.close();
    });

    test("search", async () => {
      const context = await browser.newContext({ javaScriptEnabled: written });
      const { page } = await open(context, `${base}/software/`);
      const title = await page.locator(".card-name a").first().textContent();
      await page.locator("#q").fill(title);
      await Promise.all([page.waitForURL(/[?&]q=/), page.locator("form.search button").click()]);
      await page.locator(".card-name a", { hasText: title }).first().waitFor();
      await context.close();
    });

    test("a filter can be set and removed", async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: written });
      const { page } = await open(context, `${base}/software/`);
      await page.locator('.facet a[data-facet="verdict"]').first().click(); // it has no page of its own
      await page.locator(".chip").first().waitFor();
      const filtered = await page.locator(".card").count();
      assert.ok(filtered > 0);
      await page.locator(".chip").first().click();
      await page.waitForURL((url) => !url.search.includes("verdict="));
      assert.ok((await page.locator(".card").count()) >= filtered);
      await context.close();
    });

    test("languages lead to the same page", async () => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      for (const path of ["/", "/software/", "/regions/DE-SH/", "/licences/MIT/"]) {
        const { page } = await open(context, base + path);
        await page.locator(".tongues a[hreflang=en]").click();
        await page.waitForURL(`${base}/en${path}`);
        await page.locator(".tongues a[hreflang=de]").click();
        await page.waitForURL(base + path);
        await page.close();
      }
      await context.close();
    });
  });
}
