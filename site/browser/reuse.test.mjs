// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Goes the way from one state to another: Berlin finds what North Rhine-Westphalia
// publishes, sees who else uses it, reads how to join, says in its own repository
// that it uses it too, and finds itself after the next crawl. For this the tests
// start a demo of their own, ALLMENDE_BIN, over samples that they write to. Beside
// that they look at what administrations want, who maintains together, and what
// becomes of copies and of claims.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { languages, launch, mistakes, open, served, unfold, violations, wider } from "./browser.mjs";
import { describe, keyboard, somebody } from "./person.mjs";

const words = {
  de: {
    search: "Software suchen", joining: "So machen Sie mit", seeks: "sucht Mitpflegende", open: /Schnittstelle für Ratsdaten in der neuen Fassung, 60\.000\s€/,
    maintain: "Für Maintainer", declare: "Sagen, was Sie einsetzen", states: "Länder", proven: /^Bestätigt bis .* · belegt: Die Datei liegt in einer Quelle/m,
    needs: "Gesuche", communities: "Gemeinschaften", shares: /Anteile zusammen:\s+65\.000\s€/, solutions: "Das gibt es vielleicht schon", others: "Ähnliche Gesuche",
    planned: /Vergabe geplant ab/, sought: /90\.000\s€/, handed: "wird abgegeben", drifting: "Eine Kopie driftet auseinander", work: "Nicht übernommene Arbeit", confirmed: "selbst bestätigt", denied: "selbst bestritten",
  },
  en: {
    search: "Search software", joining: "How to join", seeks: "seeks co-maintainers", open: /Schnittstelle für Ratsdaten in der neuen Fassung, €60,000/,
    maintain: "For maintainers", declare: "Saying what you use", states: "States", proven: /^Confirmed until .* · proven: the file lies in a source/m,
    needs: "Needs", communities: "Communities", shares: /shares in all:\s+€65,000/, solutions: "This may exist already", others: "Needs that are alike",
    planned: /tender planned from/, sought: /€90,000/, handed: "to be handed over", drifting: "One fork is drifting apart", work: "Unmerged work", confirmed: "confirmed by itself", denied: "denied by itself",
  },
};

const binary = process.env.ALLMENDE_BIN;
const software = "software/github.example/rheinruhr-it/ratskompass/";
const users = ["Küste Digital Schleswig-Holstein", "Neckar Kommunal Baden-Württemberg"];
const newcomer = "Spree Code Berlin";
const statement = `adoptions:
  - software: https://github.example/rheinruhr-it/ratskompass
    role: uses
    since: 2026-11-01
    confirmedUntil: 2027-10-31
    purpose: Sitzungen der Bezirksverordneten
`;

let browser;
let demo;
before(async () => {
  browser = await launch();
  if (binary) demo = await startDemo();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

// startDemo starts the demo over a folder of samples. merge does to the adoptions.yml
// of the newcomer what a merge request would, and revert takes it back.
async function startDemo() {
  const folder = await mkdtemp(join(tmpdir(), "allmende-samples-"));
  const samples = join(folder, "samples");
  const [code] = await once(spawn(binary, ["demo", "--write-samples", samples], { stdio: ["ignore", "ignore", "inherit"] }), "exit");
  assert.equal(code, 0, "the samples are not written");
  const file = join(samples, "github-spree-code-adoptions.txtar");
  const own = await readFile(file, "utf8");
  assert.equal(own.split("\nadoptions:\n").length, 2);

  const server = spawn(binary, ["demo", "--samples", samples, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(server.stdout);
  const base = await new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      const address = line.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (address) resolve(address[0]);
    });
    server.on("exit", (code) => reject(new Error(`the demo ended with code ${code}`)));
  });
  return {
    base,
    merge: () => writeFile(file, own.replace("adoptions:\n", statement)),
    revert: () => writeFile(file, own),
    stop: async () => {
      server.removeAllListeners("exit");
      const ended = once(server, "exit");
      server.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

const confirmed = (page) => page.locator("[aria-labelledby=used] .adopters > li:not(.expired)");
const named = (page) => confirmed(page).locator("strong").allInnerTexts();

// until asks for a page again and again until its users are as they are to be, which
// the time that a test has bounds.
async function until(page, wanted) {
  for (;;) {
    await page.reload();
    const names = await named(page);
    if (names.join() === wanted.join()) return;
  }
}

async function adopter(setting) {
  const p = await somebody(browser, "reuse", words[setting.lang], { ...setting, base: demo.base, written: false });
  const { page, t } = p;
  await p.write(page.getByLabel(t.search), "Sitzungsunterlagen im Volltext");
  await p.send(/q=Sitzungsunterlagen/);
  await p.go(page.locator(".card-name").getByRole("link", { name: "Ratskompass" }), /ratskompass\/$/);
  await until(page, users);
  assert.match(await confirmed(page).first().innerText(), t.proven);
  await p.sees("users", confirmed(page));

  const together = page.locator("[aria-labelledby=together]");
  await together.getByText(t.seeks).waitFor();
  const joining = together.locator("div", { has: page.locator("dt", { hasText: t.joining }) }).last();
  assert.match(await joining.innerText(), /Schreiben Sie der Anwenderrunde/);
  assert.equal(await joining.getByRole("link", { name: "ratskompass@rheinruhr-it.example" }).getAttribute("href"), "mailto:ratskompass@rheinruhr-it.example");
  assert.match(await together.innerText(), t.open);
  await p.sees("joining", joining);

  await p.go(page.getByRole("contentinfo").getByRole("link", { name: t.maintain }), /\/maintain\/$/);
  await p.go(page.getByRole("main").getByRole("link", { name: t.declare }), /\/maintain\/adoptions\/$/);
  await p.sees("how", page.getByText("adoptionsYmlVersion"));
  await demo.merge();
  try {
    await page.goto(`${p.base}/${software}`);
    await until(page, [...users, newcomer]);
    await p.sees("shown", confirmed(page).filter({ hasText: newcomer }).getByText("Sitzungen der Bezirksverordneten"));
    await p.go(page.getByRole("banner").getByRole("link", { name: t.states }), /\/regions\/$/);
    await p.go(page.getByRole("main").getByRole("link", { name: /^Berlin/ }), /\/regions\/DE-BE\/$/);
    const used = page.locator("[aria-labelledby=uses]").getByRole("link", { name: "Ratskompass" });
    await p.sees("state", used);
    await p.go(used, /ratskompass\/$/);
  } finally {
    await demo.revert();
  }
  await until(page, users);
  await p.close();
}

// What is wanted, and who wants the same; what is restricted is not among it.
async function wanter(setting) {
  const p = await somebody(browser, "needs", words[setting.lang], setting);
  const { page, t } = p;
  await p.go(page.getByRole("contentinfo").getByRole("link", { name: t.needs, exact: true }), /\/needs\/$/);
  const board = await page.getByRole("main").innerText();
  assert.match(board, t.shares);
  assert.match(board, t.planned);
  assert.doesNotMatch(board, /Leitstand/);
  await p.sees("board", page.locator(".wants"));
  await p.go(page.locator(".need").getByRole("link", { name: "Terminvergabe und Warteschlange für Zulassungsstellen" }), /\/needs\/github\.example\//);
  const solutions = page.getByRole("region", { name: t.solutions });
  await p.sees("need", solutions);
  await p.go(solutions.getByRole("link", { name: "Terminkai" }), /terminkai\/$/);
  await page.goBack();
  await page.goBack();
  await p.go(page.locator(".need").getByRole("link", { name: "Schlüssel und Schließanlagen der Schulen verwalten" }), /\/needs\/github\.example\//);
  await p.sees("alike", page.getByRole("region", { name: t.others }).getByRole("link", { name: /^Schlüsselausgabe/ }));
  await p.go(page.getByRole("contentinfo").getByRole("link", { name: t.communities }), /\/communities\/$/);
  const community = page.getByRole("region", { name: "Werkbund Kita und Schule" });
  const about = await community.innerText();
  for (const name of ["Klassenzimmer", "Hamburg", "Sachsen", "Schleswig-Holstein", "Thüringen"]) assert.ok(about.includes(name), name);
  assert.match(about, t.sought);
  await p.sees("community", community);
  await p.go(community.getByRole("link", { name: "Kita-Lotse" }), /kita-lotse\/$/);
  await p.sees("together", page.locator("[aria-labelledby=together]"));
  await p.close();
}

// What a copy has that the original could use; what others say of a usedBy; who
// looks for somebody to take over.
async function original(setting) {
  const p = await somebody(browser, "original", words[setting.lang], setting);
  const { page, t } = p;
  const find = async (text, name, url) => {
    await page.goto(`${p.base}/`);
    await p.write(page.getByLabel(t.search), text);
    await p.send(/\?q=/);
    await p.go(page.locator(".card-name").getByRole("link", { name }), url);
  };
  await find("strandwart", "Strandwart", /strandwart\/$/);
  const family = page.locator("[aria-labelledby=family]");
  await family.getByText(t.drifting).waitFor();
  await p.press(family.locator("summary", { hasText: t.work }));
  await p.sees("unmerged", family.getByText("Kaution einbehalten und zurückzahlen"));
  await p.go(family.getByRole("link", { name: "Elbstrand", exact: true }), /elbstrand\/$/);
  const claim = (name) => page.locator("[aria-labelledby=used] .columns > li", { hasText: name });
  await find("kartenfenster", "Kartenfenster", /kartenfenster\/$/);
  await p.sees("confirmed", claim("Elbe-Dienste Hamburg").getByText(t.confirmed));
  await find("seitenblick", "Seitenblick", /seitenblick\/$/);
  await p.sees("denied", claim("Neckar Kommunal").getByText(t.denied));
  await find("personalratswahl", "Personalrat wählen", /personalrat-waehlen\/$/);
  await p.sees("handed", page.locator("[aria-labelledby=together]").getByText(t.handed));
  await p.close();
}

const ways = [
  [adopter, [
    { lang: "de", width: 375, colorScheme: "light" },
    { lang: "en", width: 1280, colorScheme: "dark", script: false },
    { lang: "de", width: 1280, colorScheme: "light", hands: keyboard },
    { lang: "en", width: 375, colorScheme: "dark" },
  ]],
  [wanter, [
    { lang: "de", width: 375, colorScheme: "dark", script: false },
    { lang: "en", width: 1280, colorScheme: "light" },
    { lang: "de", width: 1280, colorScheme: "light", hands: keyboard },
  ]],
  [original, [
    { lang: "de", width: 375, colorScheme: "light" },
    { lang: "en", width: 1280, colorScheme: "dark", script: false },
    { lang: "de", width: 1280, colorScheme: "light", hands: keyboard },
  ]],
];
for (const [way, settings] of ways) {
  for (const setting of settings) {
    test(`${way.name}, ${describe(setting)}`, { timeout: 90_000 }, (t) => {
      if (way === adopter && !binary) return t.skip("ALLMENDE_BIN is not set");
      return way(setting);
    });
  }
}

// Of each kind of page the longest is looked at elsewhere; these have what it lacks.
const rich = {
  "seeks co-maintainers": `/${software}`,
  "in a community, with a joint wish": "/software/github.example/kueste-digital/kita-lotse/",
  "with a fork that drifts": "/software/github.example/kueste-digital/strandwart/",
  "with what is confirmed of claims": "/software/gitlab.example/leine-verbund/geo/kartenfenster/",
  "a joint wish": "/needs/github.example/spree-code/adoptions/kita-mit-servicekonto/",
  "a state with needs": "/regions/DE-HH/",
};
for (const [what, path] of Object.entries(rich)) {
  test(`${what}: ${path}`, { timeout: 60_000 }, async () => {
    for (const [lang, prefix] of Object.entries(languages)) {
      const context = await browser.newContext({ viewport: { width: 375, height: 900 }, reducedMotion: "reduce" });
      const { page, trouble, response } = await open(context, served + prefix + path);
      assert.equal(response.status(), 200, lang);
      const faults = await mistakes(await response.text());
      for (const [width, colorScheme] of [[375, "light"], [1280, "dark"]]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await unfold(page);
        if ((await wider(page)) > 0) faults.push(`${width}: wider than the window`);
        faults.push(...(await violations(page)).map((v) => `${width} ${colorScheme}: ${v}`));
      }
      assert.deepEqual([...faults, ...trouble], [], lang);
      await context.close();
    }
  });
}
