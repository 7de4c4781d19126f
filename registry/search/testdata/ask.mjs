// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Answers questions with the script of the site, from files: the arguments are
// the script, the folder of the files and the language of the cards; standard
// input is a JSON list of queries. What it says of each is the entries found,
// how many bytes were read for that by somebody who comes anew, the cards of the
// first ten, and how many entries have each value of a facet, or what failed.

import { readFile } from "node:fs/promises";

const [script, folder, lang] = process.argv.slice(2);
const { open } = await import(script);
const queries = JSON.parse(await readFile("/dev/stdin", "utf8"));
const answers = [];
for (const query of queries) {
  let bytes = 0;
  const files = [];
  const load = async (base, name) => {
    const content = new Uint8Array(await readFile(base + name));
    bytes += content.length;
    files.push(`${name} ${content.length}`);
    return content;
  };
  try {
    const index = await open(`${folder}/`, load);
    const { entries, meant } = await index.search({ ...query, lang });
    const cards = await index.cards(lang, entries.slice(0, 10));
    const counts = query.count ? Object.fromEntries(await index.counts(query.count, entries)) : {};
    answers.push({ entries, meant, bytes, files, cards, counts });
  } catch (error) {
    answers.push({ error: `${error.constructor.name}: ${error.message}` });
  }
}
console.log(JSON.stringify(answers));
