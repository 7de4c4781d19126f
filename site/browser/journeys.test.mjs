// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Goes the ways of people through the demo from end to end: of a developer who
// looks for software, of a maintainer whose repository is not listed, of a
// procurement officer who has to know what a licence allows. Each way is gone in
// both languages, at each width, light and dark, with and without JavaScript, and
// one by keyboard alone. What each of them saw is kept in screenshots/.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { folder, host, launch } from "./browser.mjs";
import { describe, keyboard, somebody } from "./person.mjs";

const words = {
  de: {
    search: "Software suchen", listed: "Warum ist mein Repository nicht gelistet?", repository: "Adresse des Repositorys", look: "Nachsehen",
    improve: /^Datei prüfen/, side: "Nebeneinander ansehen", about: "Über EUPL-1.2", get: /^Repository öffnen/, state: "Hamburg",
    ask: /Frage stellen/, part: "Lizenz 2", check: "Prüfen", dossier: "Dossier erstellen", copied: /kopiert/i,
    publishers: "Herausgeber", publisher: /^Elbe-Dienste/,
  },
  en: {
    search: "Search software", listed: "Why is my repository not listed?", repository: "Address of the repository", look: "Look it up",
    improve: /^Check and improve/, side: "See them side by side", about: "About EUPL-1.2", get: /^Open the repository/, state: "Hamburg",
    ask: /: ask/, part: "Licence 2", check: "Check", dossier: "Make the dossier", copied: /copied/i,
    publishers: "Publishers", publisher: /^Elbe-Dienste/,
  },
};

let browser;
let files;
before(async () => {
  browser = await launch();
  if (folder) files = await host(folder);
});
after(async () => {
  await browser?.close();
  files?.close();
});

const person = (who, setting) => somebody(browser, who, words[setting.lang], setting);

// A typing error is put right; of two that are alike one is chosen; its page
// says under which licence and where it is.
async function developer(setting) {
  const p = await person("developer", setting);
  const { page, t } = p;
  if (setting.hands === keyboard) {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  }
  await p.write(page.getByLabel(t.search), "terminvergbae");
  await p.send(/q=terminvergbae/);
  await p.go(page.locator(".meant a"), /q=Terminvergabe/i);
  await p.sees("meant", page.locator(".card-name", { hasText: "Terminkai" }));
  await p.write(page.getByLabel(t.search), "strand");
  await p.send(/q=strand/);
  await p.go(page.locator(".facet a", { hasText: t.state }), /region=DE-HH/);
  assert.equal(await page.locator(".card").count(), 1);
  await p.sees("filtered", page.locator(".chip", { hasText: t.state }));
  await p.go(page.locator(".chip"), (url) => !url.search.includes("region="));
  assert.ok((await page.locator(".card").count()) > 1);
  await p.go(page.locator(".card-name").getByRole("link", { name: "Elbstrand" }), /elbstrand\/$/);
  await p.sees("entry", page.getByRole("heading", { name: "Elbstrand", level: 1 }));
  await p.go(page.getByRole("link", { name: t.side }), /\/compare\//);
  assert.equal(await page.locator("table.compared thead th").count(), 2);
  await p.sees("compared", page.locator("table.compared"));
  await p.go(page.locator("table.compared thead").getByRole("link", { name: "Strandwart" }), /strandwart\/$/);
  assert.equal(await page.getByRole("link", { name: t.get }).getAttribute("href"), "https://github.example/kueste-digital/strandwart");
  await p.go(page.getByRole("link", { name: t.about }), /\/licences\/EUPL-1\.2\//);
  await p.sees("licence", page.getByRole("heading", { level: 1 }));
  await p.close();
}

// Umlauts may be written as two letters.
async function umlauts(setting) {
  const p = await person("umlauts", setting);
  await p.write(p.page.getByLabel(p.t.search), "buergerhaushalt");
  await p.send(/q=buergerhaushalt/);
  await p.sees("found", p.page.locator(".card-name", { hasText: "Bürgerhaushalt" }));
  await p.close();
}

// A repository is asked for, its file cannot be read, the editor mends one.
async function maintainer(setting) {
  const p = await person("maintainer", setting);
  const { page, t } = p;
  await p.go(page.getByRole("contentinfo").getByRole("link", { name: t.listed }), /\/listed\/$/);
  await p.write(page.getByLabel(t.repository), "https://github.example/elbe-dienste/hundemarke.git");
  await p.send(/\/listed\/\?url=/);
  const code = page.locator(".reply table").getByRole("link", { name: /^PC\d{4}$/ });
  await p.sees("reason", code);
  const name = await code.first().textContent();
  await p.go(code, new RegExp(`/findings/${name}/$`));
  await p.sees("finding", page.getByRole("heading", { level: 1 }));
  await page.goBack();
  await p.go(page.locator(".reply").getByRole("link", { name: t.improve }), /\/editor\/$/);
  if (setting.script === false) {
    await p.sees("command", page.getByText("allmende validate publiccode.yml"));
    assert.ok(await page.locator("#source").isHidden(), "a field that nothing answers");
    return p.close();
  }
  await page.locator("[data-editor][data-ready]").waitFor();
  await p.write(page.locator("#source"), 'publiccodeYmlVersion: "0.4"\nname: Hundemarke\ndevelopmentStatus: stabel\nplatforms: [Windows]\n');
  await p.sees("findings", page.locator(".finding", { hasText: "PC0302" }));
  await p.press(page.locator('[data-do="fix"]'));
  await page.waitForFunction(() => document.querySelector("#source").value.includes("developmentStatus: stable\n"));
  await p.press(page.locator('[data-do="copy"]'));
  await page.locator("[data-status]", { hasText: t.copied }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied.replaceAll("\r\n", "\n"), await page.locator("#source").inputValue());
  await p.sees("mended", page.locator("#source"));
  await p.close();
}

// Only what has a proven licence is looked at; may it be combined; the dossier
// goes into the file.
async function officer(setting) {
  const p = await person("officer", setting);
  const { page, t } = p;
  await p.go(page.getByRole("banner").getByRole("link", { name: "Software" }), /\/software\/$/);
  await p.go(page.locator('.facet a[href*="verdict=match"]'), /verdict=match/);
  await p.sees("proven", page.locator(".chip"));
  await p.go(page.locator(".card-name").getByRole("link", { name: "Bauakte" }), /bauakte\/$/);
  await p.sees("entry", page.getByRole("heading", { name: "Bauakte", level: 1 }));
  const entry = page.url();
  await p.go(page.getByRole("link", { name: t.about }), /\/licences\/EUPL-1\.2\/$/);
  await p.sees("licence", page.getByRole("heading", { level: 1 }));
  await page.goBack();
  await p.go(page.getByRole("link", { name: t.ask }), /situation=combine/);
  await p.write(page.getByLabel(t.part, { exact: true }), "MIT");
  await p.send(/licence=MIT/);
  await p.sees("answer", page.locator(".reply-verdict"));
  await page.goto(entry);
  await p.go(page.getByRole("button", { name: t.dossier }), /\/v1\/dossiers\/[0-9a-f]{64}/);
  await p.sees("dossier", page.getByRole("heading", { name: /^Dossier/, level: 1 }));
  await p.close();
}

const ways = [
  [developer, [
    { lang: "de", width: 375, colorScheme: "dark" },
    { lang: "en", width: 768, colorScheme: "light", script: false },
    { lang: "de", width: 1280, colorScheme: "light", hands: keyboard },
  ]],
  [umlauts, [{ lang: "de", width: 768, colorScheme: "dark", script: false }]],
  [maintainer, [
    { lang: "en", width: 375, colorScheme: "light" },
    { lang: "de", width: 768, colorScheme: "dark", script: false },
    { lang: "de", width: 1280, colorScheme: "dark" },
  ]],
  [officer, [
    { lang: "de", width: 375, colorScheme: "light", script: false },
    { lang: "en", width: 768, colorScheme: "dark" },
    { lang: "de", width: 1280, colorScheme: "light" },
  ]],
];
for (const [way, settings] of ways) {
  for (const setting of settings) test(`${way.name}, ${describe(setting)}`, { timeout: 90_000 }, () => way(setting));
}

// The same as files, where nothing answers but a script, or without it links.
test("developer, files with JavaScript", { timeout: 60_000 }, async (t) => {
  if (!folder) return t.skip("ALLMENDE_STATIC is not set");
  const p = await person("developer", { lang: "en", width: 375, colorScheme: "dark", base: files.base });
  await p.write(p.page.getByLabel(p.t.search), "buergerhaushalt");
  await p.send(/q=buergerhaushalt/);
  await p.go(p.page.locator(".card-name").getByRole("link", { name: "Bürgerhaushalt" }), /buergerhaushalt\/$/);
  await p.sees("entry", p.page.getByRole("link", { name: p.t.get }));
  await p.close();
});
test("developer, files without JavaScript", { timeout: 60_000 }, async (t) => {
  if (!folder) return t.skip("ALLMENDE_STATIC is not set");
  const p = await person("developer", { lang: "de", width: 768, colorScheme: "light", script: false, base: files.base });
  await p.go(p.page.getByRole("banner").getByRole("link", { name: p.t.publishers }), /\/publishers\/$/);
  await p.go(p.page.getByRole("main").getByRole("link", { name: p.t.publisher }), /\/publishers\/elbe-dienste\/$/);
  await p.go(p.page.locator(".card-name").getByRole("link", { name: "Elbstrand" }), /elbstrand\/$/);
  await p.go(p.page.getByRole("link", { name: p.t.about }), /\/licences\/EUPL-1\.2\//);
  await p.sees("licence", p.page.getByRole("heading", { level: 1 }));
  await p.close();
});
