// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// What the tests of the site share: where the site is, the browser, and what is
// looked at on a page. ALLMENDE_URL is a running site; ALLMENDE_STATIC a folder
// that `allmende build` wrote, which is served here by the plainest of file
// servers; ALLMENDE_BIN the program, for demos that a test changes; CHROMIUM the
// browser (default /usr/bin/chromium).

import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

export const served = (process.env.ALLMENDE_URL ?? "").replace(/\/+$/, "");
if (!served) throw new Error("ALLMENDE_URL is not set: start the site and give its address, such as ALLMENDE_URL=http://127.0.0.1:8080 npm test");
export const folder = process.env.ALLMENDE_STATIC;

// languages, each with what its paths begin with.
export const languages = { de: "", en: "/en" };

const screenshots = new URL("screenshots/", import.meta.url);

// screenshot is the file for a picture with that name, which tests keep.
export const screenshot = (name) => new URL(name, screenshots).pathname;

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export async function launch(...more) {
  await mkdir(screenshots, { recursive: true });
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...flags, ...more], timeout: 60_000 });
}

const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png", ".webp": "image/webp", ".xml": "application/xml", ".txt": "text/plain", ".json": "application/json" };

// host serves a folder until it is closed. Nothing is told to the browser but
// the type; encoded says besides that .gz files are an encoding, as some hosts do.
export async function host(dir, { encoded = false } = {}) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const send = async (file, status) => {
      const body = await readFile(join(dir, file));
      const type = types[extname(file)];
      if (type) response.setHeader("Content-Type", type);
      if (encoded && extname(file) === ".gz") response.setHeader("Content-Encoding", "gzip");
      response.writeHead(status).end(body);
    };
    try {
      await send(path.endsWith("/") ? `${path}index.html` : path, 200);
    } catch {
      await send("404.html", 404).catch(() => response.writeHead(404).end());
    }
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); server.close(); } };
}

// open loads an address and collects what must not happen on any page, from its
// first byte on: messages in the console, refusals of the policy, requests to
// another origin.
export async function open(context, url) {
  const page = await context.newPage();
  const trouble = [];
  page.on("console", (message) => {
    const own = message.location().url === page.url() && /status of 4\d\d/.test(message.text()); // the page that says so
    if (["error", "warning"].includes(message.type()) && !own) trouble.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => trouble.push(`script: ${error}`));
  page.on("request", (request) => {
    if (!request.url().startsWith("blob:") && new URL(request.url()).origin !== new URL(url).origin) trouble.push(`request to ${request.url()}`);
  });
  const response = await page.goto(url, { waitUntil: "load" });
  return { page, trouble, response };
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// violations is what axe finds on a page as it is now. Pages have no frames, so
// axe runs in the page alone; that takes a third of the time.
export async function violations(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
    return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => `${n.target} (${n.failureSummary})`).join("; ")}`);
  });
}

// wider is by how many pixels a page is wider than its window.
export const wider = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// unfold opens all that is folded, but for menus that lie over the page.
export const unfold = (page, open = true) => page.evaluate((open) => document.querySelectorAll("details:not(.sorts)").forEach((d) => (d.open = open)), open);

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

// mistakes is what is wrong with the HTML of a page.
export async function mistakes(html) {
  const report = await validator.validateString(html);
  return report.results.flatMap((r) => r.messages).map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
}
