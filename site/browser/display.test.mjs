// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Looks at a page of every kind as those need it who set their browser to their
// eyes: text spaced as WCAG 1.4.12 allows them, colours of their own, no motion;
// and on paper. Widths down to 320 pixels (400 % zoom) are in kinds.test.mjs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, screenshot, served, unfold, wider } from "./browser.mjs";
import { crawl, kinds } from "./crawl.mjs";

const paths = kinds(served, await crawl(served));
const entry = paths["software-4"];
let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

// style puts rules into a page; the policy lets only the browser do so.
const style = (page, rules) => page.evaluate((rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets.push(sheet);
}, rules);

// cut names elements whose text is cut off by a box of fixed size.
const cut = (page) => page.evaluate(() => [...document.querySelectorAll("body *")].filter((e) => {
  const s = getComputedStyle(e);
  if (!e.innerText?.trim() || s.position === "absolute" || s.display === "inline" || e.closest(".kern-sr-only, svg, .crumbs li, .code")) return false;
  const hidden = (o) => o === "hidden" || o === "clip";
  return (hidden(s.overflowY) && e.scrollHeight > e.clientHeight + 2) || (hidden(s.overflowX) && e.scrollWidth > e.clientWidth + 2);
}).map((e) => e.outerHTML.slice(0, 120)));

test("more space in the text cuts nothing", { timeout: 180_000 }, async (t) => {
  const context = await browser.newContext({ viewport: { width: 375, height: 900 }, reducedMotion: "reduce" });
  for (const [kind, path] of Object.entries(paths)) {
    await t.test(kind, async () => {
      const { page } = await open(context, served + path);
      await unfold(page);
      await style(page, "*, *::before, *::after { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
      assert.deepEqual(await cut(page), []);
      assert.ok((await wider(page)) <= 0, `${await wider(page)} pixels wider than the window`);
      await page.screenshot({ path: screenshot(`spaced-${kind}.jpg`), fullPage: true, type: "jpeg", quality: 60 });
      await page.close();
    });
  }
  await context.close();
});

test("with forced colours all controls have an edge", { timeout: 120_000 }, async (t) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, forcedColors: "active", colorScheme: "dark" });
  for (const kind of ["home-0", "software-1", "software-1-asked", "software-4", "licences-1", "regions-1", "editor-1", "statistics-1"]) {
    await t.test(kind, async () => {
      const { page } = await open(context, served + paths[kind]);
      await unfold(page);
      // What is drawn by its ground alone has none here: it needs a border or an outline.
      const bare = await page.evaluate(() => [...document.querySelectorAll(".kern-btn, input:not([type=checkbox], [type=radio], [type=hidden]), select, textarea, .tile a, .tag")].filter((e) => {
        const box = e.getBoundingClientRect();
        const s = getComputedStyle(e);
        const field = e.id === "source" ? getComputedStyle(e.closest(".code")) : s;
        return box.width > 1 && box.height > 1 && parseFloat(field.borderTopWidth) < 1 && field.outlineStyle === "none";
      }).map((e) => e.outerHTML.slice(0, 100)));
      await page.screenshot({ path: screenshot(`forced-${kind}.jpg`), fullPage: true, type: "jpeg", quality: 60 });
      assert.deepEqual([...new Set(bare)], []);
      await page.close();
    });
  }
  await context.close();
});

test("without motion nothing moves", { timeout: 60_000 }, async (t) => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  for (const kind of ["home-0", "software-1", "software-4"]) {
    await t.test(kind, async () => {
      const { page } = await open(context, served + paths[kind]);
      const moving = await page.evaluate(() => [...document.querySelectorAll("html, body *")].filter((e) => {
        const s = getComputedStyle(e);
        const lasts = (times) => times.split(", ").some((x) => parseFloat(x) > 0.01);
        return lasts(s.transitionDuration) || (s.animationName !== "none" && lasts(s.animationDuration)) || (e.localName === "html" && s.scrollBehavior === "smooth");
      }).map((e) => e.outerHTML.slice(0, 100)));
      assert.deepEqual([...new Set(moving)].slice(0, 10), []);
      await page.close();
    });
  }
  await context.close();
});

for (const [name, path] of Object.entries({ entry, list: "/software/", licence: "/licences/EUPL-1.2/" })) {
  test(`on paper: ${name}`, { timeout: 60_000 }, async (t) => {
    const context = await browser.newContext({ viewport: { width: 794, height: 1123 }, colorScheme: "dark" });
    const { page } = await open(context, served + path);
    await page.emulateMedia({ media: "print" });
    await page.screenshot({ path: screenshot(`paper-${name}.jpg`), fullPage: true, type: "jpeg", quality: 70 });
    for (const gone of ["nav.menu", "nav.tongues", "form.search", "nav.pages", ".facets"]) assert.equal(await page.locator(`${gone}:visible`).count(), 0, gone);
    // Ink on paper, whatever the colours of the screen.
    const dark = await page.evaluate(() => [...document.querySelectorAll("body, .top, main, .card, .box")].filter((e) => {
      const [r, g, b, a = 1] = getComputedStyle(e).backgroundColor.match(/[\d.]+/g).map(Number);
      return a > 0 && r + g + b < 600;
    }).map((e) => e.outerHTML.slice(0, 80)));
    assert.deepEqual(dark, []);
    assert.ok((await wider(page)) <= 0, "wider than the paper");
    if (name === "entry") {
      const shown = await page.locator('main a[href^="http"]:visible').first().evaluate((a) => getComputedStyle(a, "::after").content);
      assert.match(shown, /https?:/, "the address of a link is not shown");
    }
    const pdf = await page.pdf({ path: screenshot(`paper-${name}.pdf`), format: "A4" });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    t.diagnostic(`${pages} pages`);
    assert.ok(pages >= 1 && pages <= 20, `${pages} pages`);
    await context.close();
  });
}
