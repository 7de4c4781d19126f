// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Runs Lighthouse, as on a telephone, on the home page, the list and an entry of
// every site whose address is given, and fails below 100 for accessibility, best
// practices and search engines and below 98 for speed. Speed is computed from
// what the browser took on this machine, so the best of three counts. Not part of
// ./check, which must not depend on how busy a machine is.
//
//   npm ci && npm start -- http://127.0.0.1:8080 https://catalogue.example

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const least = { performance: 98, accessibility: 100, "best-practices": 100, seo: 100 };
const addresses = process.argv.slice(2).map((a) => a.replace(/\/+$/, ""));
if (addresses.length === 0) throw new Error("give the address of a running site: npm start -- http://127.0.0.1:8080");

const userDataDir = await mkdtemp(join(tmpdir(), "lighthouse-"));
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  userDataDir,
});

// measure is the best of three: category to points; failed names what cost points.
async function measure(url) {
  const best = {};
  let failed = [];
  for (let i = 0; i < 3; i++) {
    const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: "error", onlyCategories: Object.keys(least) });
    if (lhr.runtimeError) continue; // the machine was too busy to paint in time
    failed = [];
    for (const [id, category] of Object.entries(lhr.categories)) {
      best[id] = Math.max(best[id] ?? 0, Math.round(category.score * 100));
      for (const { id: audit, weight } of category.auditRefs) {
        const { score, title, displayValue = "" } = lhr.audits[audit];
        if (weight > 0 && score !== null && score < 0.9) failed.push(`${id}: ${title} ${displayValue}`);
      }
    }
    if (enough(best)) break;
  }
  return { best, failed };
}

const enough = (best) => Object.entries(least).every(([id, n]) => best[id] >= n);

try {
  for (const base of addresses) {
    const list = await (await fetch(`${base}/software/`)).text();
    const entry = list.match(/<h3 class="card-name"><a href="([^"]+)"/)?.[1];
    if (!entry) throw new Error(`${base}/software/ lists no entry`);
    for (const url of [`${base}/`, `${base}/software/`, new URL(entry, base).href]) {
      const { best, failed } = await measure(url);
      console.log(`${url}  ${Object.entries(best).map(([id, n]) => `${id} ${n}`).join(", ")}`);
      if (enough(best)) continue;
      process.exitCode = 1;
      for (const line of failed) console.log(`  ${line}`);
    }
  }
} finally {
  chrome.kill();
  await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
}
