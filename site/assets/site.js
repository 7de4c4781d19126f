// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// What a site written to files has no server for: the search form and the
// filters of the list. Nothing else on the site needs a script. The list names
// its index in data-index; it is fetched when a query is there to answer.

const list = document.querySelector("[data-index]");

for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;

if (list && location.search) answer(list, new URLSearchParams(location.search));

async function answer(list, query) {
  const filters = ["region", "publisher", "licence", "verdict", "status", "category"];
  const words = fold(query.get("q") ?? "").split(/\s+/).filter(Boolean);
  if (!words.length && !filters.some((f) => query.has(f))) return;

  const text = list.dataset;
  const results = list.querySelector(".results");
  const input = document.querySelector("#q");
  input.value = query.get("q") ?? "";
  for (const f of filters) {
    for (const value of query.getAll(f)) {
      const kept = make("input", "");
      Object.assign(kept, { type: "hidden", name: f, value });
      input.form.append(kept);
    }
  }
  const state = make("p", "muted", text.searching);
  state.setAttribute("role", "status");
  results.prepend(state);

  let entries;
  try {
    const response = await fetch(text.index);
    if (!response.ok) throw new Error(response.statusText);
    entries = await response.json();
  } catch {
    state.textContent = text.failed;
    return;
  }

  const licences = (expression) => (expression ?? "").toLowerCase().split(/[\s()]+/);
  const value = {
    region: (e) => (e.region ? [e.region, e.region.split("-")[0]] : []),
    publisher: (e) => [e.publisherId],
    licence: (e) => licences(e.licence),
    verdict: (e) => [e.verdict],
    status: (e) => [e.status],
    category: (e) => e.categories ?? [],
  };
  const hits = [];
  for (const e of entries) {
    const chosen = filters.every((f) => {
      const wanted = query.getAll(f).map((v) => v.toLowerCase());
      return !wanted.length || value[f](e).some((v) => wanted.includes((v ?? "").toLowerCase()));
    });
    if (!chosen) continue;
    const name = fold(e.name);
    const rest = fold([e.short, e.publisher, e.regionName, e.words, e.licence].join(" "));
    let weight = 0;
    const all = words.every((w) => {
      if (name.includes(w)) weight += name.startsWith(w) ? 3 : 2;
      else if (!rest.includes(w)) return false;
      return true;
    });
    if (all) hits.push([weight, e]);
  }
  hits.sort((a, b) => b[0] - a[0]);

  state.remove();
  const count = results.querySelector(".results-count");
  count.textContent = hits.length ? (hits.length === 1 ? text.countOne : text.count).replace("%s", hits.length.toLocaleString(document.documentElement.lang)) : text.none;
  for (const old of results.querySelectorAll(".cards, .blank, .pages")) old.remove();
  results.append(chips(list, query, filters));
  if (!hits.length) {
    const blank = make("div", "blank");
    blank.append(make("p", "", text.noneHelp));
    results.append(blank);
    return;
  }
  const cards = make("ul", "cards");
  for (const [, e] of hits.slice(0, 200)) cards.append(card(e, text));
  results.append(cards);
}

// chips are the active filters, each a link that removes it. A filter is named
// as the link that sets it, where the page has one.
function chips(list, query, filters) {
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
      const without = new URLSearchParams([...query].filter(([k, w]) => k !== f || w !== v));
      const setter = [...list.querySelectorAll(".facet a")].find((a) => new URL(a.href).searchParams.get(f) === v);
      setter?.setAttribute("aria-current", "true");
      const kind = setter?.closest(".facet").querySelector("h3").textContent;
      const label = kind ? `${kind}: ${setter.firstElementChild.textContent}` : v;
      add("chip", `${list.dataset.list}?${without}`, make("span", "kern-sr-only", `${list.dataset.remove} `), make("span", "", label), make("span", "cross", "×", true));
    }
  }
  add("chip chip-clear", list.dataset.list, list.dataset.clear);
  const nav = make("nav", "");
  nav.setAttribute("aria-label", list.dataset.active);
  nav.append(row);
  return nav;
}

function card(e, text) {
  const article = make("article", "card");
  const name = make("h3", "card-name");
  const link = make("a", "", e.name);
  link.href = e.path;
  name.append(link);
  const short = make("p", "card-text", e.short || text.noText);
  if (e.short && e.lang) short.lang = e.lang;
  const from = make("p", "card-from", e.publisher);
  if (e.state) from.append(make("span", "card-state", e.state));
  const facts = make("div", "card-facts");
  if (e.statusName) facts.append(make("span", `tag tag-${e.tone}`, e.statusName));
  if (e.archived) facts.append(make("span", "tag tag-warn", text.archived));
  if (e.incomplete) facts.append(make("span", "tag tag-warn", text.incomplete));
  const licence = make(e.licencePath ? "a" : "span", "tag", e.licence || text.noLicence);
  if (e.licencePath) licence.href = e.licencePath;
  facts.append(licence);
  if (e.mark) facts.append(mark(e.mark));
  if (e.date) {
    const date = make("span", "card-date");
    const time = make("time", "", e.dateText);
    time.dateTime = e.date;
    date.append(make("span", "card-label", `${text.pushed}: `), time);
    facts.append(date);
  }
  article.append(name, short, from, facts);
  const item = make("li", "");
  item.append(article);
  return item;
}

// mark is what the template of that name makes.
function mark({ tone, sign, word }) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  for (const [name, value] of Object.entries({ class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" })) svg.setAttribute(name, value);
  path.setAttribute("d", sign);
  svg.append(path);
  const tag = make("span", `tag tag-${tone} mark`);
  tag.append(svg, word);
  return tag;
}

function make(tag, className, content = "", decorative = false) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (content) element.textContent = content;
  if (decorative) element.setAttribute("aria-hidden", "true");
  return element;
}

// fold makes texts comparable: case, umlauts and accents do not count.
function fold(s) {
  return s.toLowerCase().replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss").normalize("NFD").replace(/\p{M}/gu, "");
}
