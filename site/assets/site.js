// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// What a site written to files has no server for: the search form and the
// filters of the list. Nothing else on the site needs a script. The list names
// what is searched in data-index and the script that does it in data-engine; both
// are fetched when a query is there to answer.

const list = document.querySelector("[data-index]");
const filters = ["region", "publisher", "licence", "verdict", "status", "category"];
const lang = document.documentElement.lang;
const first = 10; // results at once
const further = 20;

for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;

if (list && location.search) answer(list, new URLSearchParams(location.search));

async function answer(list, query) {
  const chosen = Object.fromEntries(filters.filter((f) => query.has(f)).map((f) => [f, query.getAll(f)]));
  const words = query.get("q")?.trim() ?? "";
  const sort = query.get("sort") ?? "";
  if (!words && !sort && !Object.keys(chosen).length) return;

  const text = list.dataset;
  const results = list.querySelector(".results");
  const head = results.querySelector(".results-head");
  const input = document.querySelector("#q");
  input.value = query.get("q") ?? "";
  for (const [name, value] of query) {
    if (![...filters, "sort"].includes(name)) continue;
    const kept = make("input", "");
    Object.assign(kept, { type: "hidden", name, value });
    input.form.append(kept);
  }
  const state = make("p", "muted", text.searching);
  state.setAttribute("role", "status");
  results.prepend(state);

  const links = facetLinks(list);
  let engine;
  let index;
  let found;
  let cards;
  const ask = async (anew) => {
    index = await engine.open(new URL(text.index, location).href, undefined, anew);
    found = await index.search({ text: words, filters: chosen, sort, lang, named: named(links) });
    cards = await index.cards(lang, found.entries.slice(0, first));
  };
  try {
    engine = await import(new URL(text.engine, location).href);
    // While the files of the host are exchanged, or a cache has old ones, some do
    // not fit to others: then all are fetched anew.
    await ask(false).catch((error) => (error instanceof engine.Outdated ? ask(true) : Promise.reject(error)));
  } catch {
    state.textContent = text.failed;
    return;
  }

  const total = found.entries.length;
  const [one, many] = words ? [text.countOne, text.count] : [text.chosenOne, text.chosen];
  state.remove();
  const count = results.querySelector(".results-count");
  count.textContent = total ? (total === 1 ? one : many).replace("%s", total.toLocaleString(lang)) : text.none;
  for (const old of results.querySelectorAll(".cards, .blank, .pages")) old.remove();
  point(links, list, query);
  if (total) head.append(sorts(text, query, found.order, words));
  if (found.meant) results.append(meant(text, query, found.meant));
  results.append(chips(list, query, links));
  if (!total) {
    const blank = make("div", "blank");
    blank.append(make("p", "", text.noneHelp));
    results.append(blank);
    return;
  }
  const all = make("ul", "cards");
  add(all, cards);
  results.append(all);
  more(results, all, index, found.entries, text);
  if (!navigator.connection?.saveData) counted(links, index, found.entries, chosen);
}

// add puts cards at the end of a list; they are HTML of the site's template.
function add(all, cards) {
  for (const card of cards) {
    const item = make("li", "");
    item.innerHTML = card;
    all.append(item);
  }
}

// more is the button that shows the next results, as long as there are some.
function more(results, all, index, entries, text) {
  if (all.children.length >= entries.length) return;
  const row = make("p", "more-results");
  const button = make("button", "kern-btn kern-btn--secondary");
  button.type = "button";
  button.append(make("span", "kern-label", text.more));
  row.append(button);
  results.append(row);
  button.addEventListener("click", async () => {
    const at = all.children.length;
    button.disabled = true;
    try {
      add(all, await index.cards(lang, entries.slice(at, at + further)));
    } catch {
      button.firstElementChild.textContent = text.failed;
      return;
    }
    button.disabled = false;
    all.children[at]?.querySelector("a")?.focus();
    if (all.children.length >= entries.length) row.remove();
  });
}

// facetLinks are the links of the list that set a filter, or lead to the page
// about its value.
function facetLinks(list) {
  return [...list.querySelectorAll(".facet a[data-facet]")].map((link) => ({
    link, facet: link.dataset.facet, value: link.dataset.value,
    label: link.firstElementChild.textContent, title: link.closest(".facet").querySelector("h3").textContent,
  }));
}

// named tells by facet which values are meant by what stands behind the name of
// a filter in a text.
function named(links) {
  const plain = (s) => s.toLowerCase().normalize("NFKD").replace(/\P{L}/gu, "");
  return Object.fromEntries(filters.map((facet) => [facet, (written) => {
    const own = links.filter((l) => l.facet === facet);
    const as = plain(written);
    const is = own.filter((l) => [l.value, l.value.replace(/^DE-/, ""), l.label].some((v) => v.toLowerCase() === written.toLowerCase()));
    const begins = own.filter((l) => as && plain(l.label).startsWith(as));
    const all = is.length ? is : begins;
    return all.length ? all.map((l) => l.value) : [written];
  }]));
}

const has = (query, facet, value) => query.getAll(facet).some((v) => v.toLowerCase() === value.toLowerCase());

// toggled is the address with a filter set, or without it where it is.
function toggled(list, query, facet, value) {
  const other = new URLSearchParams([...query].filter(([k, v]) => k !== facet || v.toLowerCase() !== value.toLowerCase()));
  if (!has(query, facet, value)) other.append(facet, value);
  return `${list.dataset.list}?${other}`;
}

// point has the links of the facets narrow what is found.
function point(links, list, query) {
  for (const { link, facet, value } of links) {
    link.href = toggled(list, query, facet, value);
    if (has(query, facet, value)) link.setAttribute("aria-current", "true");
  }
}

// counted writes behind each value how many of the results have it.
async function counted(links, index, entries, chosen) {
  for (const facet of filters) {
    const own = links.filter((l) => l.facet === facet);
    if (!own.length || chosen[facet]) continue; // of the others there would be none
    try {
      const counts = await index.counts(facet, entries);
      for (const { link, value } of own) {
        const n = counts.get(value.toLowerCase()) ?? 0;
        link.querySelector(".count").lastChild.textContent = n.toLocaleString(lang);
        link.closest("li").hidden = !n;
      }
    } catch {
      return; // the numbers of the whole catalogue stay
    }
  }
}

function sorts(text, query, current, words) {
  const by = { relevance: text.sortRelevance, name: text.sortName, updated: text.sortUpdated };
  if (!words) delete by.relevance;
  const details = make("details", "sorts");
  const summary = make("summary", "", `${text.sorted} `);
  summary.append(make("strong", "", by[current] ?? ""));
  const nav = make("nav", "");
  nav.setAttribute("aria-label", text.sort);
  const row = make("ul", "");
  for (const [order, label] of Object.entries(by)) {
    const other = new URLSearchParams(query);
    other.set("sort", order);
    const link = make("a", "", label);
    link.href = `${text.list}?${other}`;
    if (order === current) link.setAttribute("aria-current", "true");
    const item = make("li", "");
    item.append(link);
    row.append(item);
  }
  nav.append(row);
  details.append(summary, nav);
  return details;
}

function meant(text, query, words) {
  const other = new URLSearchParams(query);
  other.set("q", words);
  const link = make("a", "", words);
  link.href = `${text.list}?${other}`;
  const line = make("p", "meant", `${text.meant} `);
  line.append(link, "?");
  return line;
}

// chips are the active filters, each a link that removes it. A filter is named
// as the link that sets it, where the page has one.
function chips(list, query, links) {
  const row = make("ul", "chips");
  const add = (className, href, ...content) => {
    const link = make("a", className);
    link.href = href;
    link.append(...content);
    const item = make("li", "");
    item.append(link);
    row.append(item);
  };
  for (const f of filters) {
    for (const v of query.getAll(f)) {
      const setter = links.find((l) => l.facet === f && l.value.toLowerCase() === v.toLowerCase());
      const label = setter ? `${setter.title}: ${setter.label}` : v;
      add("chip", toggled(list, query, f, v), make("span", "kern-sr-only", `${list.dataset.remove} `), make("span", "", label), make("span", "cross", "×", true));
    }
  }
  add("chip chip-clear", list.dataset.list, list.dataset.clear);
  const nav = make("nav", "");
  nav.setAttribute("aria-label", list.dataset.active);
  nav.append(row);
  return nav;
}

function make(tag, className, content = "", decorative = false) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (content) element.textContent = content;
  if (decorative) element.setAttribute("aria-hidden", "true");
  return element;
}
