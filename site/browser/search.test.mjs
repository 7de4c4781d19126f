// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Searches a running site as people do: facets, orders and ways on without
// JavaScript, suggestions by keyboard, pointer and on a narrow screen.
// ALLMENDE_URL and CHROMIUM are as in browser.mjs.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";
import { violations } from "./browser.mjs";

const base = (process.env.ALLMENDE_URL ?? "").replace(/\/+$/, "");
if (!base) throw new Error("ALLMENDE_URL is not set: start the site and give its address");

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const screenshots = new URL("screenshots/", import.meta.url);
const languages = { de: "", en: "/en" };
const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "form-dup-name": "off", "long-title": "off", "no-trailing-whitespace": "off", "require-sri": "off", "tel-non-breaking": "off" } });

let browser;
let served; // files answer no query

before(async () => {
  await mkdir(screenshots, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags, timeout: 60_000 });
  served = (await fetch(`${base}/suggest?q=a`)).ok;
});

after(() => browser?.close());

async function clean(page) {
  assert.deepEqual(await violations(page), []);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wider <= 0, `${wider} pixels wider than the window`);
}

// total is the number in the sentence above the results.
const total = async (page) => Number((await page.locator(".results-count").textContent()).match(/\d+/)?.[0] ?? 0);

describe("without JavaScript", () => {
  let context;
  let page;
  before(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false });
    page = await context.newPage();
  });
  after(() => context.close());

  test("every facet says how many results there will be", async (t) => {
    if (!served) return t.skip("the site is files");
    await page.goto(`${base}/software/`);
    const further = page.locator(".further");
    assert.equal(await further.getAttribute("open"), null);
    await further.locator("summary").first().click();
    const facets = await page.locator(".facet").evaluateAll((all) => all.map((facet) => {
      const value = facet.querySelector("a");
      return { name: facet.querySelector("h3").textContent, label: value.firstElementChild.textContent, href: value.getAttribute("href"), n: Number(value.querySelector(".count").lastChild.textContent) };
    }));
    assert.ok(facets.length > 12, `only ${facets.map((f) => f.name)}`);
    for (const { name, label, href, n } of facets) {
      await page.goto(base + href);
      assert.equal(await total(page), n, `${name}: ${label}`);
      assert.equal(await page.locator(".chip").first().textContent(), `Filter entfernen: ${name}: ${label}`);
    }
  });

  test("a further filter is set, kept by a search, and removed", async (t) => {
    if (!served) return t.skip("the site is files");
    await page.goto(`${base}/software/`);
    const all = await total(page);
    await page.locator(".further > summary").click();
    await page.getByRole("link", { name: /^vorhanden/ }).click();
    const chip = page.locator(".chip", { hasText: "Stückliste (SBOM): vorhanden" });
    await chip.waitFor();
    const few = await total(page);
    assert.ok(few > 0 && few < all);
    assert.notEqual(await page.locator(".further").getAttribute("open"), null, "the active filter is folded away");
    await page.getByLabel("Software suchen").fill("a");
    await page.getByRole("button", { name: "Suchen" }).click();
    await page.waitForURL(/q=a/);
    assert.ok((await total(page)) <= few);
    await chip.click();
    await page.waitForURL((url) => !url.search.includes("sbom="));
    assert.equal(await chip.count(), 0);
  });

  test("results are put in another order", async (t) => {
    if (!served) return t.skip("the site is files");
    await page.goto(`${base}/en/software/`);
    const first = await page.locator(".card-name").first().textContent();
    await page.locator(".sorts summary").click();
    await page.getByRole("link", { name: "stars" }).click();
    await page.waitForURL(/sort=stars/);
    assert.equal(await page.locator(".sorts summary strong").textContent(), "stars");
    assert.notEqual(await page.locator(".card-name").first().textContent(), first);
  });

  for (const [lang, prefix] of Object.entries(languages)) {
    test(`a typing error is put right, ${lang}`, async (t) => {
      if (!served) return t.skip("the site is files");
      await page.goto(`${base}${prefix}/software/?q=terminvergbae&region=DE-SL`);
      assert.equal(await total(page), 0);
      assert.equal(await page.locator(".ways a").count(), 3);
      await page.locator(".ways a").nth(1).click(); // without filters
      await page.locator(".meant a").click();
      assert.ok((await total(page)) > 0);
    });

    test(`every example of the help is understood, ${lang}`, async (t) => {
      if (!served) return t.skip("the site is files");
      await page.goto(`${base}${prefix}/software/`);
      const all = await total(page);
      const examples = await page.locator(".search-help a").evaluateAll((links) => links.map((a) => a.href));
      assert.ok(examples.length > 5);
      for (const href of examples) {
        await page.goto(href);
        const n = await total(page);
        assert.ok(n > 0 && n < all, `${href}: ${n} of ${all}`);
      }
    });
  }

  test("the order is explained", async (t) => {
    if (!served) return t.skip("the site is files");
    await page.goto(`${base}/software/?q=akten`);
    assert.equal(await page.locator(".why").count(), 0);
    await page.getByRole("link", { name: "Warum diese Reihenfolge?" }).click();
    assert.equal(await page.locator(".why").count(), await page.locator(".card").count());
    for (const text of await page.locator(".why li").allTextContents()) assert.match(text, /^\S.*: −?\d+\s?%$/);
    assert.doesNotMatch(await page.locator("main").textContent(), /rank\.|meets\.|field\./);
    await page.getByRole("link", { name: "Gründe ausblenden" }).click();
    assert.equal(await page.locator(".why").count(), 0);
  });
});

// The list in states that kinds.test.mjs does not see, all unfolded.
for (const [lang, prefix] of Object.entries(languages)) {
  for (const [kind, path] of Object.entries({ narrowed: "?sbom=yes&language=de", explained: "?q=akten&why=1", unfound: "?q=terminvergbae&region=DE-SL&sbom=yes" })) {
    test(`${kind}, ${lang}`, { timeout: 90_000 }, async (t) => {
      if (!served) return t.skip("the site is files");
      for (const [width, colorScheme] of [[320, "dark"], [1280, "light"]]) {
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
        const page = await context.newPage();
        await page.goto(`${base}${prefix}/software/${path}`);
        await page.evaluate(() => document.querySelectorAll("details:not(.sorts)").forEach((d) => (d.open = true)));
        await page.screenshot({ path: new URL(`${kind}-${lang}-${width}-${colorScheme}.png`, screenshots).pathname, fullPage: true });
        await clean(page);
        await page.evaluate(() => document.querySelectorAll(".sorts").forEach((d) => (d.open = true)));
        await clean(page);
        await context.close();
      }
      const report = await validator.validateString(await (await fetch(`${base}${prefix}/software/${path}`)).text());
      assert.deepEqual(report.results.flatMap((r) => r.messages).map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`), []);
    });
  }
}

describe("suggestions", () => {
  const open = async (options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    const trouble = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && trouble.push(message.text()));
    page.on("pageerror", (error) => trouble.push(String(error)));
    page.on("request", (request) => new URL(request.url()).origin === new URL(base).origin || trouble.push(request.url()));
    return { context, page, trouble, input: page.locator("#q"), list: page.getByRole("listbox") };
  };

  for (const [lang, prefix] of Object.entries(languages)) {
    for (const [width, colorScheme] of [[320, "dark"], [1280, "light"]]) {
      test(`by keyboard, ${lang} ${width} ${colorScheme}`, { timeout: 60_000 }, async (t) => {
        if (!served) return t.skip("the site is files");
        const { context, page, trouble, input, list } = await open({ viewport: { width, height: 800 }, colorScheme });
        await page.goto(`${base}${prefix}/`);
        assert.equal(await input.getAttribute("role"), "combobox");
        await input.focus();
        await page.keyboard.type("akt");
        await list.waitFor();
        assert.equal(await input.getAttribute("aria-expanded"), "true");
        assert.equal(await input.getAttribute("aria-controls"), await list.getAttribute("id"));
        assert.equal(await input.getAttribute("aria-activedescendant"), null, "nothing is chosen before a key is");
        const options = list.getByRole("option");
        const n = await options.count();
        assert.match(await page.locator("form.search [role=status]").textContent(), new RegExp(`^${n} (Vorschl|suggestion)`));
        await clean(page);
        await page.screenshot({ path: new URL(`suggestions-${lang}-${width}-${colorScheme}.png`, screenshots).pathname });

        const active = () => input.getAttribute("aria-activedescendant");
        await page.keyboard.press("ArrowDown");
        assert.equal(await active(), await options.first().getAttribute("id"));
        assert.equal(await options.first().getAttribute("aria-selected"), "true");
        await clean(page);
        await page.keyboard.press("ArrowUp");
        assert.equal(await active(), null, "above the first option is the field");
        await page.keyboard.press("ArrowUp");
        assert.equal(await active(), await options.last().getAttribute("id"));
        assert.equal(await list.locator("[aria-selected=true]").count(), 1);

        await page.keyboard.press("Escape");
        await list.waitFor({ state: "hidden" });
        assert.equal(await input.getAttribute("aria-expanded"), "false");
        assert.equal(await input.inputValue(), "akt", "Escape takes what was typed");
        await page.keyboard.press("ArrowDown");
        await list.waitFor();
        await page.keyboard.press("ArrowDown");
        await Promise.all([page.waitForURL(/\/software\/[^?]+\//), page.keyboard.press("Enter")]);
        assert.match(await page.locator("h1").textContent(), /^akt/i);
        assert.deepEqual(trouble, []);
        await context.close();
      });
    }
  }

  test("a word is searched for with the filters that are set", async (t) => {
    if (!served) return t.skip("the site is files");
    const { context, page, input, list } = await open();
    await page.goto(`${base}/software/?licence=EUPL-1.2`);
    await input.focus();
    await page.keyboard.type("akt");
    await list.waitFor();
    const word = list.getByRole("option", { name: /Einträge?$/ }).filter({ hasNotText: /Eintrag$/ }).first();
    const text = await word.locator(".suggestion").textContent();
    await word.click();
    await page.waitForURL((url) => url.searchParams.get("q") === text && url.searchParams.get("licence") === "EUPL-1.2");
    await context.close();
  });

  test("they go with the focus, and Enter without choice searches", async (t) => {
    if (!served) return t.skip("the site is files");
    const { context, page, input, list } = await open();
    await page.goto(`${base}/`);
    await input.focus();
    await page.keyboard.type("akt");
    await list.waitFor();
    await page.keyboard.press("Tab");
    await list.waitFor({ state: "hidden" });
    await input.focus();
    await page.keyboard.press("ArrowDown");
    await list.waitFor();
    await Promise.all([page.waitForURL(/[?&]q=akt(&|$)/), page.keyboard.press("Enter")]);
    await context.close();
  });

  test("without an answer the form searches all the same", async (t) => {
    if (!served) return t.skip("the site is files");
    const { context, page, input, list } = await open();
    await page.route("**/suggest?*", (route) => route.abort());
    await page.goto(`${base}/`);
    await input.focus();
    const asked = page.waitForRequest("**/suggest?*");
    await page.keyboard.type("akt");
    await asked;
    assert.equal(await list.count(), 0);
    await Promise.all([page.waitForURL(/[?&]q=akt(&|$)/), page.keyboard.press("Enter")]);
    await context.close();
  });

  test("without JavaScript the field is a search field", async () => {
    const { context, page, input } = await open({ javaScriptEnabled: false });
    await page.goto(`${base}/`);
    assert.equal(await input.getAttribute("type"), "search");
    assert.equal(await input.getAttribute("role"), null);
    assert.equal(await page.locator("[role=listbox]").count(), 0);
    await context.close();
  });
});
