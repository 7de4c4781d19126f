// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Weighs a page of every kind, as served and as files: the HTML of an entry is at
// most 60 kB, all that a first view with an empty cache needs at most 250 kB,
// without any compression. The editor's program comes after the view and is not
// part of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { folder, host, launch, served } from "./browser.mjs";
import { crawl, kinds } from "./crawl.mjs";

const sites = { served: { base: served } };
if (folder) sites.written = await host(folder);
for (const site of Object.values(sites)) {
  site.answers = await crawl(site.base);
  site.kinds = kinds(site.base, site.answers);
}

let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser?.close();
  sites.written?.close();
});

for (const [name, { base, answers, kinds }] of Object.entries(sites)) {
  test(`HTML of entries, ${name}`, (t) => {
    const entries = [...answers.values()].filter((a) => /^\/(en\/)?software\/./.test(new URL(a.url).pathname)).sort((a, b) => b.size - a.size);
    t.diagnostic(`${entries.length} pages, median ${entries[entries.length >> 1].size}, most ${entries[0].size}: ${entries[0].url}`);
    assert.ok(entries[0].size <= 60_000, `${entries[0].url}: ${entries[0].size} bytes`);
  });

  test(`first views, ${name}`, { timeout: 120_000 }, async (t) => {
    const over = [];
    for (const [kind, path] of Object.entries(kinds)) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const parts = [];
      page.on("response", (response) => {
        if (/\.gz$/.test(new URL(response.url()).pathname)) return;
        parts.push(response.body().then((body) => [response.request().resourceType(), body.length], () => ["", 0]));
      });
      await page.goto(base + path, { waitUntil: "load" });
      await page.waitForTimeout(100); // the icon, and fonts of what the script shows
      const sums = {};
      for (const [type, n] of await Promise.all(parts)) sums[type] = (sums[type] ?? 0) + n;
      await context.close();
      const sum = Object.values(sums).reduce((a, b) => a + b, 0);
      t.diagnostic(`${kind}: ${sum} bytes (${Object.entries(sums).filter(([, n]) => n).map(([type, n]) => `${type} ${n}`).join(", ")})`);
      if (sum > 250_000) over.push(`${path}: ${sum} bytes`);
    }
    assert.deepEqual(over, []);
  });
}
