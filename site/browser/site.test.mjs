// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Looks at a running site in a real browser. ALLMENDE_URL is its address,
// CHROMIUM the browser (default /usr/bin/chromium). Every kind of page in both
// languages, at two widths, light and dark: axe finds nothing, the console is
// quiet, nothing is asked of another origin, nothing is wider than the window,
// the HTML is valid; all but axe (itself a script) also without JavaScript.
// Screenshots go to screenshots/.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const base = (process.env.ALLMENDE_URL ?? "").replace(/\/+$/, "");
if (!base) throw new Error("ALLMENDE_URL is not set: start the site and give its address, such as ALLMENDE_URL=http://127.0.0.1:8080 npm test");

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const screenshots = new URL("screenshots/", import.meta.url);
const languages = { de: "", en: "/en" };
const widths = [375, 1280];
const schemes = ["light", "dark"];

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    "form-dup-name": "off", // a name that several fields share is a list
    "long-title": "off", // names of entries are as long as they are
    "no-trailing-whitespace": "off",
    "tel-non-breaking": "off", // texts of the catalogue are shown as they are
    "require-sri": "off", // all from the same origin, with its hash in the name
  },
});

let browser;
let paths; // kind of page -> path without language
let written; // the site is files, so search needs the script

before(async () => {
  await mkdir(screenshots, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags, timeout: 60_000 });
  const page = await browser.newPage();
  await page.goto(`${base}/software/`);
  const hrefs = (selector) => page.locator(selector).evaluateAll((links) => links.map((a) => a.getAttribute("href")));
  const [software] = await hrefs(".card-name a");
  const [filtered] = await hrefs('.facet a[href*="licence="]');
  written = (await page.locator("[data-index]").count()) > 0;
  await page.goto(`${base}${software}`);
  const [publisher] = await hrefs('main a[href*="/publishers/"]');
  const [region] = await hrefs('main a[href*="/regions/"]');
  await page.goto(`${base}/licences/`);
  const [licence] = await hrefs('main a.pill[href*="/licences/"]');
  const missing = (await page.goto(`${base}/404.html`)).ok() ? "/404.html" : "/gibt-es-nicht/";
  paths = { home: "/", list: "/software/", filtered, software, publishers: "/publishers/", publisher, regions: "/regions/", region, findings: "/findings/", finding: "/findings/PC0316/", licences: "/licences/", licence, missing };
  if (!written) {
    await page.goto(`${base}/software/?verdict=conflict`);
    [paths.conflict] = await hrefs(".card-name a");
    paths.asked = "/licences/?expression=MIT+OR+GPL-3.0-only&situation=combine&licence=Apache-2.0&licence=GPL-2.0-only&into=EUPL-1.2";
    paths.refused = "/licences/?expression=MIT+OR&situation=combine&licence=Hausrecht";
  }
  await page.close();
  for (const [kind, path] of Object.entries(paths)) assert.ok(path, `no page of the kind ${kind} to look at: is the catalogue empty?`);
});

after(() => browser?.close());

// open loads a page and collects what must not happen on it.
async function open(context, path) {
  const page = await context.newPage();
  const trouble = [];
  page.on("console", (message) => {
    const own = message.location().url === page.url() && /status of 404/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !own) trouble.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => trouble.push(`script: ${error}`));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(base).origin) trouble.push(`request to ${request.url()}`);
  });
  const response = await page.goto(base + path, { waitUntil: "load" });
  assert.match(response.headers()["content-type"], /^text\/html/, path);
  return { page, trouble, response };
}

// look checks what holds for every page, whatever the setting.
async function look(page, lang, trouble) {
  assert.equal(await page.locator("html").getAttribute("lang"), lang);
  assert.equal(await page.locator("h1").count(), 1);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wider <= 0, `${wider} pixels wider than the window`);
  assert.deepEqual(trouble, []);
}

for (const [lang, prefix] of Object.entries(languages)) {
  for (const width of widths) {
    for (const colorScheme of schemes) {
      test(`${lang} ${width} ${colorScheme}`, { timeout: 180_000 }, async (t) => {
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
        for (const [kind, path] of Object.entries(paths)) {
          await t.test(kind, async () => {
            const { page, trouble } = await open(context, prefix + path);
            await page.screenshot({ path: new URL(`${kind}-${lang}-${width}-${colorScheme}.png`, screenshots).pathname, fullPage: true });
            const { violations } = await new AxeBuilder({ page }).analyze();
            assert.deepEqual(violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => `${n.target} (${n.failureSummary})`).join("; ")}`), []);
            await look(page, lang, trouble);
            await page.close();
          });
        }
        await context.close();
      });
    }
    test(`${lang} ${width} without JavaScript`, { timeout: 90_000 }, async (t) => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: false });
      for (const [kind, path] of Object.entries(paths)) {
        await t.test(kind, async () => {
          const { page, trouble } = await open(context, prefix + path);
          await look(page, lang, trouble);
          if (["home", "list", "filtered", "missing"].includes(kind)) {
            assert.equal(await page.locator("#q").isVisible(), !written, "a search form that nobody answers, or none where there is one");
          }
          await page.close();
        });
      }
      await context.close();
    });
  }
}

// What is folded has to hold too, at the narrowest width as well.
for (const [lang, prefix] of Object.entries(languages)) {
  for (const width of [320, ...widths]) {
    test(`licences unfolded, ${lang} ${width}`, { timeout: 120_000 }, async (t) => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: "reduce" });
      for (const kind of ["software", "conflict", "licences", "licence", "asked", "refused"].filter((k) => paths[k])) {
        await t.test(kind, async () => {
          const { page, trouble } = await open(context, prefix + paths[kind]);
          await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
          await page.screenshot({ path: new URL(`${kind}-${lang}-${width}-unfolded.png`, screenshots).pathname, fullPage: true });
          const { violations } = await new AxeBuilder({ page }).options({ rules: { "target-size": { enabled: true } } }).analyze();
          assert.deepEqual(violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => `${n.target} (${n.failureSummary})`).join("; ")}`), []);
          await look(page, lang, trouble);
          await page.close();
        });
      }
      await context.close();
    });
  }
}

test("questions about licences are answered without JavaScript", async (t) => {
  if (written) return t.skip("nobody answers a form of a site that is files");
  const context = await browser.newContext({ javaScriptEnabled: false });
  const { page } = await open(context, "/licences/");
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

test("an entry's dossier is a click away", async (t) => {
  if (written) return t.skip("files make no dossier");
  const context = await browser.newContext({ javaScriptEnabled: false });
  const { page } = await open(context, paths.software);
  await Promise.all([page.waitForURL(/\/v1\/dossiers\/[0-9a-f]{64}/), page.getByRole("button", { name: "Dossier erstellen" }).click()]);
  assert.match(await page.locator("h1").textContent(), /^Dossier/);
  await context.close();
});

describe("keyboard", () => {
  for (const [lang, prefix] of Object.entries(languages)) {
    test(`skip link and search, ${lang}`, async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const { page } = await open(context, `${prefix}/`);
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

  test("every focus can be seen", async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const { page } = await open(context, paths.list);
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
});

test("search", async () => {
  const context = await browser.newContext({ javaScriptEnabled: written });
  const { page } = await open(context, paths.list);
  const name = await page.locator(".card-name a").first().textContent();
  await page.locator("#q").fill(name);
  await Promise.all([page.waitForURL(/[?&]q=/), page.locator("form.search button").click()]);
  await page.locator(".card-name a", { hasText: name }).first().waitFor();
  await context.close();
});

test("a filter can be set and removed", async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: written });
  const { page } = await open(context, paths.filtered);
  await page.locator(".chip").first().waitFor();
  const filtered = await page.locator(".card").count();
  assert.ok(filtered > 0);
  await page.locator(".chip").first().click();
  await page.waitForURL((url) => !url.search.includes("licence="));
  assert.ok((await page.locator(".card").count()) >= filtered);
  await context.close();
});

test("languages lead to the same page", async () => {
  const context = await browser.newContext();
  for (const kind of ["home", "list", "software", "publisher", "region"]) {
    const { page } = await open(context, paths[kind]);
    await page.locator(".tongues a[hreflang=en]").click();
    assert.equal(new URL(page.url()).pathname, new URL(base).pathname.replace(/\/$/, "") + languages.en + paths[kind]);
    await page.close();
  }
  await context.close();
});

test("the HTML is valid", async (t) => {
  for (const [lang, prefix] of Object.entries(languages)) {
    for (const [kind, path] of Object.entries(paths)) {
      await t.test(`${kind} ${lang}`, async () => {
        const report = await validator.validateString(await (await fetch(base + prefix + path)).text());
        assert.deepEqual(report.results.flatMap((r) => r.messages).map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`), []);
      });
    }
  }
});

test("a first view is small", async (t) => {
  for (const kind of ["home", "list", "software"]) {
    await t.test(kind, async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      const bodies = [];
      page.on("response", (response) => bodies.push(response.body()));
      await page.goto(base + paths[kind], { waitUntil: "networkidle" });
      const sum = (await Promise.all(bodies)).reduce((n, body) => n + body.length, 0);
      assert.ok(sum <= 250 * 1024, `${sum} bytes`);
      t.diagnostic(`${kind}: ${bodies.length} responses, ${sum} bytes`);
      await context.close();
    });
  }
});
