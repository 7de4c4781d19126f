// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Looks at a page of every kind that the site leads to, as served and as files.
// All links are followed, all HTML of a kind is valid. In the browser a page is
// loaded once and looked at in every window: axe in German at the narrow and
// the wide one, light and dark, once folded and once unfolded; in English, where
// the rules are the same and the words others, once; the width in all of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { folder, host, languages, launch, mistakes, open, screenshot, served, unfold, violations, wider } from "./browser.mjs";
import { crawl, kinds, pathOf } from "./crawl.mjs";

const sites = { served: { base: served } };
if (folder) sites.written = await host(folder);
for (const site of Object.values(sites)) {
  site.answers = await crawl(site.base);
  site.kinds = kinds(site.base, site.answers);
}
// What nothing leads to: an address that is not there, answers to a form.
sites.served.kinds.missing = "/gibt-es-nicht/";
sites.served.kinds["software-none"] = "/software/?q=terminvergbae&region=DE-SL&sbom=yes";
sites.served.kinds["listed-asked"] = "/listed/?url=github.example/niemand/nichts";
sites.served.kinds["licences-refused"] = "/licences/?expression=MIT+OR&situation=combine&licence=Hausrecht";
if (sites.written) sites.written.kinds.missing = "/404.html";

let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser?.close();
  sites.written?.close();
});

const looks = {
  de: [
    { width: 375, colorScheme: "light", open: false, axe: true },
    { width: 375, colorScheme: "dark", open: true, axe: true },
    { width: 1280, colorScheme: "light", open: true, axe: true },
    { width: 1280, colorScheme: "dark", open: false, axe: true },
    { width: 768, colorScheme: "light", open: true },
    { width: 320, colorScheme: "light", open: true },
  ],
  en: [
    { width: 375, colorScheme: "light", open: true, axe: true },
    { width: 1280, colorScheme: "light", open: false },
    { width: 320, colorScheme: "dark", open: true },
  ],
};

for (const [name, { base, answers, kinds }] of Object.entries(sites)) {
  describe(name, () => {
    test("every link leads somewhere", (t) => {
      const broken = [];
      for (const answer of answers.values()) {
        if (answer.status !== 200) broken.push(`${answer.url}: ${answer.status}`);
        for (const link of answer.links) {
          const url = new URL(link);
          const to = answers.get(link.replace(/#.*/, ""));
          const id = decodeURIComponent(url.hash.slice(1));
          if (to?.html && id && !to.ids.has(id)) broken.push(`${answer.url} leads to ${link}, where no element has that id`);
        }
      }
      t.diagnostic(`${answers.size} addresses, ${Object.keys(kinds).length} kinds of page`);
      assert.deepEqual([...new Set(broken)].slice(0, 50), []);
    });

    for (const [lang, prefix] of Object.entries(languages)) {
      for (const [kind, path] of Object.entries(kinds)) {
        const written = name === "written";
        test(`${kind} ${lang}: ${path}`, { timeout: 60_000 }, async () => {
          const url = base + (written && kind === "missing" ? path : prefix + path);
          const response = await fetch(url);
          const html = await response.text();
          assert.match(response.headers.get("content-type"), /^text\/html/);
          assert.equal(response.headers.get("set-cookie"), null);
          const policy = written ? html.match(/<meta http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1] : response.headers.get("content-security-policy");
          assert.match(policy ?? "", /^default-src '?(&#39;)?self/);
          assert.doesNotMatch(policy, /unsafe-inline|(?<!wasm-)unsafe-eval|\*/);
          assert.deepEqual(await mistakes(html), []);

          const context = await browser.newContext({ viewport: { width: 375, height: 900 }, reducedMotion: "reduce" });
          const { page, trouble } = await open(context, url);
          assert.equal(await page.locator("html").getAttribute("lang"), written && kind === "missing" ? "de" : lang);
          assert.equal(await page.locator("h1").count(), 1);
          assert.ok((await page.title()).length > 3);
          const faults = [];
          for (const { width, colorScheme, open, axe } of written ? looks[lang].filter((_, i) => i % 2 === 0) : looks[lang]) {
            await page.setViewportSize({ width, height: 900 });
            await page.emulateMedia({ colorScheme });
            await unfold(page, open);
            const setting = `${width} ${colorScheme} ${open ? "unfolded" : "folded"}`;
            const by = await wider(page);
            if (by > 0) faults.push(`${setting}: ${by} pixels wider than the window`);
            if (axe) {
              await page.screenshot({ path: screenshot(`${name}-${kind}-${lang}-${width}-${colorScheme}.jpg`), fullPage: true, type: "jpeg", quality: 70 });
              faults.push(...(await violations(page)).map((v) => `${setting}: ${v}`));
            }
          }
          assert.deepEqual(faults, []);
          assert.deepEqual(await page.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]), ["", 0, 0, 0, 0]);
          assert.deepEqual(trouble, []);
          await context.close();
        });
      }
    }

    test("pages hold without JavaScript", { timeout: 180_000 }, async (t) => {
      const context = await browser.newContext({ viewport: { width: 375, height: 900 }, javaScriptEnabled: false });
      for (const [kind, path] of Object.entries(kinds)) {
        await t.test(kind, async () => {
          const { page, trouble } = await open(context, base + path);
          assert.equal(await page.locator("h1:visible").count(), 1);
          assert.ok((await wider(page)) <= 0, "wider than the window");
          // A control that nothing answers is worse than none.
          for (const form of await page.locator("form:visible").all()) assert.ok((await form.getAttribute("action")) !== null || name === "served", `a form without address: ${await form.evaluate((f) => f.outerHTML.slice(0, 120))}`);
          if (name === "written") assert.equal(await page.locator("form:visible").count(), 0, "a form that nobody answers");
          assert.deepEqual(trouble, []);
          await page.close();
        });
      }
      await context.close();
    });
  });
}

test("the sitemap lists what the written pages lead to", (t) => {
  if (!folder) return t.skip("ALLMENDE_STATIC is not set");
  const { base, answers } = sites.written;
  const sitemap = readFileSync(join(folder, "sitemap.xml"), "utf8");
  const listed = [...sitemap.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, url]) => base + new URL(url).pathname);
  assert.deepEqual(listed.filter((url) => !answers.has(url)), [], "no link leads to these");
  const missing = [...answers.values()].filter((a) => a.html && a.status === 200 && !a.redirected && !new URL(a.url).search && !/<meta name="robots" content="noindex/.test(a.html) && !listed.includes(a.url)).map((a) => a.url);
  assert.deepEqual(missing.map((url) => pathOf(base, url)), [], "not in the sitemap");
});
