// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Searches a site of files, with an index of files: at ALLMENDE_URL where that is
// such a site, else in the folder ALLMENDE_STATIC. It needs entries: a folder without any is
// passed over.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { folder, host, languages, launch, open, screenshot, served, violations, wider } from "./browser.mjs";

const most = 150_000; // bytes for a first query with ten results, script included

let browser;
let files; // the host of the folder
let base; // undefined where there is nothing to search
let word; // that an entry is called by

before(async () => {
  browser = await launch();
  for (const at of [() => served, async () => folder && (files = await host(folder)).base]) {
    const address = await at();
    const html = address ? await (await fetch(`${address}/software/`)).text() : "";
    if (html.includes("data-index=") && html.includes('class="card"')) {
      base = address;
      word = html.match(/class="card-name"><a [^>]*>[^<]*?(\p{L}{5,})/u)?.[1];
      break;
    }
  }
});

after(async () => {
  await browser?.close();
  files?.close();
});

const total = async (page) => Number((await page.locator(".results-count").textContent()).match(/\d+/)?.[0] ?? 0);

// ask opens the list with a query, and waits for the answer.
async function ask(context, path) {
  const { page, trouble } = await open(context, base + path);
  await page.locator(".chips, .results [role=status]:has-text('.')").first().waitFor();
  return { page, trouble };
}

for (const [lang, prefix] of Object.entries(languages)) {
  for (const [width, colorScheme] of [[375, "dark"], [1280, "light"]]) {
    test(`a first query, ${lang} ${width} ${colorScheme}`, { timeout: 60_000 }, async (t) => {
      if (!base) return t.skip("no site of files with entries");
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
      const { page, trouble } = await open(context, `${base}${prefix}/`);
      const read = [];
      page.on("response", (response) => /\/search\/(?!facets)|\/assets\/(search|site)\.[^/]+js$/.test(response.url()) && read.push(response.body()));
      await page.locator("#q").fill(word);
      await Promise.all([page.waitForURL(/\/software\/\?q=/), page.keyboard.press("Enter")]);
      await page.locator(".chips").waitFor();
      const bytes = (await Promise.all(read)).reduce((n, body) => n + body.length, 0);
      t.diagnostic(`${bytes} bytes in ${read.length} files for ${word}`);
      assert.ok(bytes > 0 && bytes <= most, `${bytes} bytes for a first query`);
      const shown = await page.locator(".card").count();
      assert.ok(shown > 0 && shown <= 10 && shown === Math.min(10, await total(page)));
      assert.match((await page.locator(".card-name").first().textContent()).toLowerCase(), new RegExp(word.toLowerCase()));
      assert.equal(await page.locator("#q").inputValue(), word);
      await page.screenshot({ path: screenshot(`static-${lang}-${width}-${colorScheme}.png`) });
      assert.deepEqual(await violations(page), []);
      assert.ok((await wider(page)) <= 0);
      assert.deepEqual(trouble, []);
      await context.close();
    });
  }
}

describe("an index of files", () => {
  let context;
  before(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  });
  after(() => context.close());

  test("a card is that of the list", async (t) => {
    if (!base) return t.skip("no site of files with entries");
    const { page } = await open(context, `${base}/software/`);
    const cards = await page.locator(".card").evaluateAll((all) => all.map((card) => card.outerHTML));
    await page.goto(`${base}/software/?q=${encodeURIComponent(word)}`);
    await page.locator(".chips").waitFor();
    const found = await page.locator(".card").evaluateAll((all) => all.map((card) => card.outerHTML));
    assert.ok(found.some((card) => cards.includes(card)), `not in the list:\n${found[0]}`);
    await page.close();
  });

  test("a typing error is forgiven", async (t) => {
    if (!base) return t.skip("no site of files with entries");
    const wrong = `${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}`;
    if (wrong.toLowerCase() === word.toLowerCase()) return t.skip("two letters alike");
    const { page } = await ask(context, `/software/?q=${encodeURIComponent(wrong)}`);
    assert.ok((await total(page)) > 0, wrong);
    await page.close();
  });

  test("a filter narrows, is counted, and is taken off", async (t) => {
    if (!base) return t.skip("no site of files with entries");
    const { page, trouble } = await ask(context, `/software/?q=${encodeURIComponent(word)}`);
    const all = await total(page);
    const value = page.locator('.facet li:not([hidden]) a[href*="licence="]').first();
    await page.waitForFunction((all) => [...document.querySelectorAll('.facet a[href*="licence="] .count')].reduce((n, c) => n + Number(c.lastChild.textContent), 0) <= 3 * all, all);
    const n = Number(await value.locator(".count").evaluate((c) => c.lastChild.textContent));
    await Promise.all([page.waitForURL(/licence=/), value.click()]);
    await page.locator(".chip:not(.chip-clear)").waitFor();
    assert.equal(await total(page), n);
    await Promise.all([page.waitForURL((url) => !url.search.includes("licence=")), page.locator(".chip:not(.chip-clear)").click()]);
    await page.locator(".chips").waitFor();
    assert.equal(await total(page), all);
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test("another order, and further results", async (t) => {
    if (!base) return t.skip("no site of files with entries");
    const { page, trouble } = await ask(context, "/software/?sort=updated");
    assert.equal(await page.locator(".sorts a").count(), 2, "nothing is more relevant than other things");
    const dates = await page.locator(".card-date:last-child time").evaluateAll((all) => all.map((time) => time.dateTime));
    assert.deepEqual(dates, dates.toSorted().toReversed());
    const more = page.locator(".more-results button");
    if ((await total(page)) > 10) {
      await more.click();
      await page.locator(".card").nth(10).waitFor();
      assert.ok(await page.locator(".cards > li").nth(10).locator("a").first().evaluate((a) => a === document.activeElement), "the focus is lost");
    } else assert.equal(await more.count(), 0);
    await page.locator(".sorts summary").click();
    await Promise.all([page.waitForURL(/sort=name/), page.locator(".sorts a").first().click()]);
    await page.locator(".chips").waitFor();
    assert.ok((await page.locator(".card").count()) > 0);
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test("nothing is found, and said so", async (t) => {
    if (!base) return t.skip("no site of files with entries");
    const { page, trouble } = await ask(context, "/software/?q=qqqxqqqyqqq");
    assert.equal(await page.locator(".card").count(), 0);
    assert.ok(await page.locator(".results .blank").isVisible());
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test("without the index the list is whole", async (t) => {
    if (!base) return t.skip("no site of files with entries");
    const page = await context.newPage();
    await page.route("**/search/index.bin*", (route) => route.abort());
    await page.goto(`${base}/software/?q=${encodeURIComponent(word)}`);
    await page.locator(".results [role=status]", { hasText: "nicht geladen" }).waitFor();
    assert.ok((await page.locator(".card").count()) > 0);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.close();
  });

  test("a file of another edition is fetched anew", async (t) => {
    if (!base) return t.skip("no site of files with entries");
    const page = await context.newPage();
    let old = 0;
    await page.route("**/search/words/*", async (route) => {
      if (old++) return route.continue();
      const response = await route.fetch();
      const body = await response.body();
      body[0] ^= 1;
      return route.fulfill({ response, body });
    });
    await page.goto(`${base}/software/?q=${encodeURIComponent(word)}`);
    await page.locator(".chips").waitFor();
    assert.ok(old > 1);
    assert.ok((await total(page)) > 0);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.close();
  });

  test("a host that unpacks does no harm", async (t) => {
    if (!base) return t.skip("no site of files with entries");
    const { gunzipSync } = await import("node:zlib");
    const page = await context.newPage();
    await page.route("**/search/**", async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      return route.fulfill({ response, body: Buffer.concat([body.subarray(0, 8), gunzipSync(body.subarray(8))]) });
    });
    await page.goto(`${base}/software/?q=${encodeURIComponent(word)}`);
    await page.locator(".chips").waitFor();
    assert.ok((await total(page)) > 0);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.close();
  });
});
