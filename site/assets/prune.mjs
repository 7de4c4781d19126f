// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Reads KERN's style sheet on standard input and writes the part that the site
// uses: rules for classes that its templates and scripts name, then only the
// custom properties that these rules or ours (site.css) refer to. Rules with
// data: URLs (icons) are left out, as the site's Content-Security-Policy would
// refuse them. All is put into one cascade layer, so that the site's own rules
// come after it.

import { readFileSync, readdirSync } from "node:fs";

const version = process.argv[2];
const source = readFileSync(0, "utf8").replace(/^@charset[^;]*;/, "").replace(/\/\*[\s\S]*?\*\//g, "");
const own = readFileSync(new URL("site.css", import.meta.url), "utf8");
const used = new Set();
for (const dir of ["../templates/", "./", "../editor/"].map((d) => new URL(d, import.meta.url))) {
  for (const name of readdirSync(dir)) {
    if (!/\.(html|js)$/.test(name)) continue;
    for (const [c] of readFileSync(new URL(name, dir), "utf8").matchAll(/\bkern-[a-z0-9_-]+/g)) used.add(c);
  }
}

// parse splits a style sheet into rules: {head, body} with body a string of
// declarations or a list of rules.
function parse(css) {
  const rules = [];
  let at = 0;
  while (at < css.length) {
    const open = css.indexOf("{", at);
    if (open < 0) break;
    let depth = 1, end = open + 1, quote = "";
    for (; depth > 0 && end < css.length; end++) {
      const c = css[end];
      if (quote) { if (c === quote) quote = ""; continue; }
      if (c === '"' || c === "'") quote = c;
      else if (c === "{") depth++;
      else if (c === "}") depth--;
    }
    const head = css.slice(at, open).trim().replace(/\s+/g, " ");
    const inner = css.slice(open + 1, end - 1);
    rules.push({ head, body: head.startsWith("@media") ? parse(inner) : inner.trim().replace(/\s+/g, " ") });
    at = end;
  }
  return rules;
}

// A class in brackets is one of several, or one that must not be there.
const classes = (selector) => selector.replace(/:(is|not|where)\([^()]*\)/g, "").match(/\.kern-[a-z0-9_-]+/g)?.map((c) => c.slice(1)) ?? [];

function wanted(selector) {
  if (/kern-dialog|^\[data-kern-theme|\*:not\(i\)|^(img|picture|video|canvas|svg)$/.test(selector)) return false;
  return classes(selector).every((c) => used.has(c));
}

// selectors splits at the commas outside of brackets.
const selectors = (head) => head.split(/,(?![^()]*\))/).map((s) => s.trim());

function prune(rules) {
  const kept = [];
  for (const rule of rules) {
    if (typeof rule.body !== "string") {
      const body = prune(rule.body);
      if (body.length) kept.push({ head: rule.head, body });
      continue;
    }
    if (rule.head.startsWith("@") || rule.body.includes("data:")) continue;
    const head = selectors(rule.head).filter(wanted);
    if (head.length) kept.push({ head: head.join(", "), body: rule.body });
  }
  return kept;
}

const print = (rules) => rules.map((r) => `${r.head} {\n${typeof r.body === "string" ? r.body.split(/;\s*/).filter(Boolean).map((d) => `  ${d};`).join("\n") : print(r.body)}\n}`).join("\n");

// dropUnreferenced removes custom properties that nothing refers to, until
// nothing changes.
function dropUnreferenced(rules) {
  for (;;) {
    const text = print(rules) + own;
    const named = new Set([...text.matchAll(/var\(\s*(--[\w-]+)/g)].map((m) => m[1]));
    let dropped = 0;
    const visit = (list) => {
      for (const rule of list) {
        if (typeof rule.body !== "string") { visit(rule.body); continue; }
        rule.body = rule.body.split(/;\s*/).filter((d) => {
          const name = d.match(/^(--[\w-]+)\s*:/)?.[1];
          if (name && !named.has(name)) { dropped++; return false; }
          return d !== "";
        }).join("; ");
      }
    };
    visit(rules);
    const empty = (list) => list.filter((r) => {
      if (typeof r.body !== "string") r.body = empty(r.body);
      return r.body.length > 0;
    });
    rules = empty(rules);
    if (!dropped) return rules;
  }
}

const rules = dropUnreferenced(prune(parse(source)));
process.stdout.write(`/*! From KERN (@kern-ux/native ${version}, https://kern-ux.de), licensed under the EUPL-1.2.
   Modified: only the rules and tokens that this site uses, see prune.mjs. */
@layer kern {
${print(rules)}
}
`);
