// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Uses the page /editor/ in a real browser with the network cut: whatever it
// does after it has loaded, it asks nobody. ALLMENDE_URL is a running site,
// ALLMENDE_STATIC a folder that `allmende build` wrote, which is served here by
// the plainest of file servers, once as it is and once as by a host that
// declares .gz files as encoded. CHROMIUM is the browser.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";
import { violations } from "./browser.mjs";

const served = (process.env.ALLMENDE_URL ?? "").replace(/\/+$/, "");
if (!served) throw new Error("ALLMENDE_URL is not set: start the site and give its address, such as ALLMENDE_URL=http://127.0.0.1:8080 npm test");
const folder = process.env.ALLMENDE_STATIC;

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const screenshots = new URL("screenshots/", import.meta.url);
const languages = { de: "", en: "/en" };

// wrong has a finding on a line with characters of one, two and four bytes.
const wrong = `# Stand: Frühjahr
publiccodeYmlVersion: "0.4"
name: Terminvergabe # so heißt sie
url: https://git.example.org/amt/termine.git
developmentStatus: stabel
softwareType: standalone/web
platforms: ["Größe 𝔘", Windows]
categories:
  - workflow-management
description:
  de:
    shortDescription: Vergibt Termine im Bürgerbüro.
legal:
  license: EUPL-1.2
maintenance:
  type: internal
  contacts:
    - name: Erika Musterfrau
      email: erika@example.org
localisation:
  localisationReady: true
  availableLanguages: [de]
`;

const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const servers = [];

// host serves a folder. Nothing is told to the browser but the type.
async function host(encoded) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const body = await readFile(file);
      const type = types[extname(file)];
      if (type) response.setHeader("Content-Type", type);
      if (encoded && extname(file) === ".gz") response.setHeader("Content-Encoding", "gzip");
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  servers.push(server);
  return `http://127.0.0.1:${server.address().port}`;
}

let browser;
const hosts = { served, static: null, encoded: null };

before(async () => {
  await mkdir(screenshots, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags, timeout: 60_000 });
  if (folder) [hosts.static, hosts.encoded] = [await host(false), await host(true)];
});

after(async () => {
  await browser?.close();
  for (const server of servers) server.close();
});

// open loads the editor, waits until it is ready and cuts the network. What must
// not happen is collected in trouble, from the first byte on.
async function open(options = {}, { base = served, lang = "de", ready = true } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  const trouble = [];
  let cut = false;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) trouble.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => trouble.push(`script: ${error}`));
  context.on("request", (request) => {
    if (request.url().startsWith("blob:")) return;
    if (cut || new URL(request.url()).origin !== base) trouble.push(`request to ${request.url()}`);
  });
  await page.goto(`${base}${languages[lang]}/editor/`);
  if (ready) await page.locator("[data-editor][data-ready]").waitFor();
  await page.waitForLoadState("networkidle"); // the icon comes when it likes
  await context.setOffline(true);
  cut = true;
  const text = () => page.locator("#source").inputValue();
  // holds waits until a function of the text says so.
  const holds = async (what, check) => {
    for (let i = 0; i < 200; i++) {
      if (check(await text())) return;
      await page.waitForTimeout(25);
    }
    assert.fail(`${what}; the text is:\n${await text()}`);
  };
  const finding = (code) => page.locator(".finding", { has: page.locator("[data-code]", { hasText: code }) }).first();
  return { context, page, trouble, text, holds, finding };
}

async function write(page, text) {
  await page.locator("#source").fill(text);
  await page.locator('[data-list][aria-busy="false"] .finding').first().waitFor();
}

const selection = (page) => page.locator("#source").evaluate((e) => e.value.slice(e.selectionStart, e.selectionEnd));

for (const name of Object.keys(hosts)) {
  test(`from the first text to the file, ${name}`, { timeout: 90_000, skip: name !== "served" && !folder && "ALLMENDE_STATIC is not set" }, async (t) => {
    const begin = performance.now();
    const { context, page, trouble, text, holds, finding } = await open({ acceptDownloads: true }, { base: hosts[name] });
    t.diagnostic(`ready after ${Math.round(performance.now() - begin)} ms`);

    await t.test("findings as one types", async () => {
      const typed = performance.now();
      await write(page, wrong);
      t.diagnostic(`findings ${Math.round(performance.now() - typed)} ms after the text`);
      const status = finding("PC0302");
      assert.match(await status.textContent(), /Zeile 5, Spalte 20/);
      assert.match(await status.locator(".tag:visible").textContent(), /^Fehler$/);
      assert.match(await page.locator("[data-counts]").textContent(), /^\d+ Fehler, \d+ Hinweise?$/);
      assert.equal(new URL(await status.locator("[data-code]").evaluate((a) => a.href)).pathname, "/findings/PC0302/");
      assert.match(await status.locator("[data-standard]").getAttribute("href"), /^https:\/\/yml\.publiccode\.tools\//);
      assert.equal(await page.locator(".code-lines .error", { hasText: /^5$/ }).count(), 1);
      assert.equal(await page.locator(".code-marks mark.error", { hasText: /^stabel$/ }).count(), 1);
    });

    await t.test("a place leads into the text", async () => {
      await finding("PC0302").locator("[data-place]").click();
      assert.equal(await selection(page), "stabel");
      assert.equal(await page.evaluate(() => document.activeElement.id), "source");
      await finding("PC0501").locator("[data-place]").click();
      assert.equal(await selection(page), "Windows");
    });

    await t.test("one finding is mended", async () => {
      await finding("PC0302").locator("[data-mend]").click();
      await holds("one word differs", (now) => now === wrong.replace("stabel", "stable"));
      assert.equal(await finding("PC0302").count(), 0);
      assert.notEqual(await page.evaluate(() => document.activeElement.localName), "body", "the focus is lost");
    });

    await t.test("undo and redo", async () => {
      await page.locator('[data-do="undo"]').click();
      await holds("the text is as before", (now) => now === wrong);
      await page.locator('[data-do="redo"]').click();
      await holds("and again mended", (now) => now.includes("stable"));
      await page.locator("#source").press("Control+z");
      await holds("by key", (now) => now === wrong);
    });

    await t.test("all that is mechanical is mended", async () => {
      await finding("PC0302").waitFor();
      await page.locator('[data-do="fix"]').click();
      await holds("mended with its comments", (now) => now.includes("developmentStatus: stable\n") && now.includes("windows") && now.includes("name: Terminvergabe # so heißt sie\n"));
      assert.match(await page.locator("[data-status]").textContent(), /\d Befunde? behoben/);
    });

    await t.test("the form changes the text and follows it", async () => {
      await page.locator("#tab-form").click();
      await page.locator("#f-name").fill("Bürgertermine");
      await holds("the name, with its comment", (now) => now.includes("name: Bürgertermine # so heißt sie\n"));
      await page.locator("#f-softwareType").selectOption("library");
      await holds("the type", (now) => now.includes("softwareType: library\n"));
      await page.locator("#f-description-en-shortDescription").fill("Books appointments.");
      await holds("a language more", (now) => /\n {2}en:\n {4}shortDescription: Books appointments\.\n/.test(now));
      await page.locator("#f-localisation-availableLanguages").fill("en");
      await page.keyboard.press("Enter");
      await holds("a value more in a list", (now) => /availableLanguages:(\s*\[de, en\]|\s+- de\s+- en)/.test(now));
      await page.locator('[data-path="localisation.availableLanguages"] li', { hasText: "en entfernen" }).getByRole("button").click();
      await holds("and less", (now) => !/- en|, en\]/.test(now));

      await page.locator("#tab-text").click();
      await page.locator("#source").fill((await text()).replace("Bürgertermine", "Amtstermine").replace("type: internal", "type: manchmal"));
      await finding("PC0301").waitFor();
      await page.locator("#tab-form").click();
      assert.equal(await page.locator("#f-name").inputValue(), "Amtstermine");
      assert.equal(await page.locator("#f-maintenance-type option:checked").textContent(), "manchmal (unbekannt)");
      assert.match(await page.locator("#f-maintenance-type-error").textContent(), /manchmal/);

      await page.locator("#tab-text").click();
      await write(page, "name: [\n");
      await page.locator("#tab-form").click();
      assert.ok(await page.locator("#f-name").isDisabled(), "a form for a text that cannot be read");
      await page.locator("#tab-text").click();
    });

    await t.test("the profile decides what is asked", async () => {
      await page.locator('[data-do="template"]').click();
      await page.locator("[data-counts].good").waitFor();
      await page.locator("#profile").selectOption("reuse-ready");
      await page.locator(".finding").first().waitFor();
      await page.locator("[data-unchecked] summary").click();
      assert.ok((await page.locator("[data-unchecked] li").count()) > 0);
      await page.locator("#profile").selectOption("standard");
      await page.locator("[data-counts].good").waitFor();
    });

    await t.test("a file comes back as it was", async () => {
      const file = Buffer.from(wrong.replaceAll("\n", "\r\n"));
      await page.locator("[data-file]").setInputFiles({ name: "publiccode.yml", mimeType: "application/yaml", buffer: file });
      await holds("opened", (now) => now === wrong);
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator('[data-do="save"]').click()]);
      assert.equal(download.suggestedFilename(), "publiccode.yml");
      assert.deepEqual(await readFile(await download.path()), file);
    });

    await t.test("a file in the wrong encoding is read all the same", async () => {
      await page.locator("[data-file]").setInputFiles({ name: "alt.yml", mimeType: "", buffer: Buffer.from("name: B\u00fcro\n", "latin1") });
      await holds("umlauts", (now) => now === "name: Büro\n");
      assert.match(await page.locator("[data-status]").textContent(), /alt\.yml.*UTF-8/);
      await page.locator("[data-file]").setInputFiles({ name: "riesig.yml", mimeType: "", buffer: Buffer.alloc((1 << 20) + 1, "a") });
      await page.locator("[data-status]", { hasText: "1 MiB" }).waitFor();
      assert.equal(await text(), "name: Büro\n");
    });

    await t.test("hostile texts are findings", async () => {
      for (const [hostile, code] of [["[".repeat(100_000), "PC0008"], [`a: "${"x".repeat(1 << 20)}"`, "PC0001"], ["a: &a [*a]\n", "PC0009"]]) {
        await page.locator("#source").evaluate((e, value) => {
          e.value = value;
          e.dispatchEvent(new Event("input"));
        }, hostile);
        await finding(code).waitFor();
      }
    });

    await t.test("an unsaved text is not lost by accident", async () => {
      const [dialog] = await Promise.all([page.waitForEvent("dialog"), page.close({ runBeforeUnload: true })]);
      assert.equal(dialog.type(), "beforeunload");
      await dialog.dismiss();
    });

    await t.test("nothing is kept", async () => {
      assert.deepEqual(await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, document.cookie]), [0, 0, 0, ""]);
    });
    assert.deepEqual(trouble, []);
    await context.close();
  });
}

for (const lang of Object.keys(languages)) {
  for (const width of [375, 1280]) {
    for (const colorScheme of lang === "de" ? ["light", "dark"] : [width === 375 ? "light" : "dark"]) {
      test(`${lang} ${width} ${colorScheme}`, { timeout: 90_000 }, async () => {
        const { context, page, trouble } = await open({ viewport: { width, height: 900 }, colorScheme }, { lang });
        const look = async (state) => {
          await page.screenshot({ path: new URL(`editor-${state}-${lang}-${width}-${colorScheme}.png`, screenshots).pathname, fullPage: true });
          assert.deepEqual(await violations(page), [], state);
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wider <= 0, `${state}: ${wider} pixels wider than the window`);
        };
        await look("empty");
        await write(page, wrong);
        await page.locator("#profile").selectOption("reuse-ready");
        await page.locator("[data-unchecked]:visible").waitFor();
        await look("text");
        await page.locator("#tab-form").click();
        await look("form");
        assert.deepEqual(trouble, []);
        await context.close();
      });
    }
  }

  test(`keyboard only, ${lang}`, { timeout: 90_000 }, async () => {
    const { context, page, trouble, holds } = await open({}, { lang });
    // to presses Tab until the focus is where it should be, and sees it all the way.
    const to = async (selector) => {
      for (let i = 0; i < 120; i++) {
        await page.keyboard.press("Tab");
        const [there, seen, where] = await page.evaluate((wanted) => {
          const e = document.activeElement;
          const drawn = e.id === "source" ? e.closest(".code") : e;
          const style = getComputedStyle(drawn);
          const box = drawn.getBoundingClientRect();
          return [e.matches(wanted), e === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0), e.outerHTML.slice(0, 120)];
        }, selector);
        assert.ok(seen, `no visible focus: ${where}`);
        if (there) return;
      }
      assert.fail(`no way by Tab to ${selector}`);
    };
    await to('[data-do="template"]');
    await page.keyboard.press("Enter");
    await holds("the template", (now) => now.includes("publiccodeYmlVersion"));
    await to("#source");
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(wrong);
    await page.locator(".finding").first().waitFor();
    await to("#profile");
    await to("[data-mend]");
    await page.keyboard.press("Enter");
    await holds("mended", (now) => now !== wrong);
    assert.ok(await page.evaluate(() => document.activeElement.matches("[data-mend], #results")), "the focus is lost");
    await page.locator("#results").evaluate((e) => e.focus());
    await to("[data-place]");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "source");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("ArrowRight");
    assert.ok(await page.locator("#panel-form").isVisible());
    await to("#f-name");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Von Hand");
    await holds("the name", (now) => now.includes("name: Von Hand"));
    assert.deepEqual(trouble, []);
    await context.close();
  });

  test(`without JavaScript, ${lang}`, { timeout: 30_000 }, async () => {
    for (const base of [hosts.served, hosts.static].filter(Boolean)) {
      const { context, page, trouble } = await open({ javaScriptEnabled: false }, { base, lang, ready: false });
      assert.ok(await page.getByText("allmende validate publiccode.yml").isVisible());
      assert.equal(await page.getByText("/v1/validate").count(), base === served ? 1 : 0);
      assert.ok(await page.locator("#source").isHidden());
      assert.deepEqual(trouble, []);
      await context.close();
    }
  });

  test(`the HTML of the editor is valid, ${lang}`, async () => {
    const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules: { "require-sri": "off", "no-trailing-whitespace": "off" } });
    const report = await validator.validateString(await (await fetch(`${served}${languages[lang]}/editor/`)).text());
    assert.deepEqual(report.results.flatMap((r) => r.messages).map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`), []);
  });
}

test("without its program the page says what to do instead", { timeout: 30_000 }, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/*.gz", (route) => route.abort());
  await page.goto(`${served}/editor/`);
  await page.locator("[data-editor-without]:visible").waitFor();
  assert.match(await page.locator("[data-status]").textContent(), /konnte nicht gestartet werden/);
  await context.close();
});
