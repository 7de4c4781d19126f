// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Reads a whole site as a program does, from its start page along its links, so
// that no kind of page has to be listed by hand and none is forgotten.

const maxPages = 20_000;
const entities = { amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'", "#43": "+", "#61": "=" };
const attribute = (text) => text.replace(/&([a-z]+|#\d+);/g, (all, name) => entities[name] ?? all);

// Answer is what came for an address: status, headers, text (of HTML), links
// (absolute) and ids.
async function ask(url) {
  const response = await fetch(url, { redirect: "follow" });
  const headers = Object.fromEntries(response.headers);
  const answer = { url, status: response.status, headers, redirected: response.redirected, to: response.url, links: [], ids: new Set() };
  const body = Buffer.from(await response.arrayBuffer());
  answer.size = body.length;
  if (!/^text\/html/.test(headers["content-type"] ?? "")) return answer;
  answer.html = body.toString();
  for (const [, value] of answer.html.matchAll(/<[a-z][^>]*?\s(?:href|src|poster)="([^"]*)"/g)) {
    const link = new URL(attribute(value), response.url);
    if (link.origin === new URL(url).origin) answer.links.push(link.href);
  }
  for (const [, id] of answer.html.matchAll(/<[a-z][^>]*?\sid="([^"]*)"/g)) answer.ids.add(attribute(id));
  return answer;
}

// crawl asks for every address of the site that a page leads to: Map from
// address, without fragment, to answer. Pages for a query are asked for, but of
// those of a kind with as many parameters only one leads on, and what it leads
// to no further: there are as many as one can combine filters.
export async function crawl(base) {
  const answers = new Map();
  const combined = new Set();
  const queue = [];
  const meet = (href, depth) => {
    const url = href.replace(/#.*/, "");
    if (answers.has(url) || answers.size >= maxPages) return;
    answers.set(url, null);
    queue.push([url, depth]);
  };
  const follow = (answer, depth) => {
    const url = new URL(answer.url);
    if (url.search) {
      if (depth > 1) return;
      const kind = `${kindOf(base, answer.url)}?${url.searchParams.size}`;
      if (combined.has(kind)) return;
      combined.add(kind);
    }
    for (const link of answer.links) meet(link, new URL(link).search ? depth + 1 : depth);
  };
  meet(`${base}/`, 0);
  const work = async () => {
    for (let next; (next = queue.shift()); ) {
      const [url, depth] = next;
      const answer = await ask(url);
      answers.set(url, answer);
      if (new URL(answer.to).pathname.startsWith(new URL(`${base}/`).pathname)) follow(answer, depth);
    }
  };
  while (queue.length > 0) await Promise.all([work(), work(), work(), work()]);
  return answers;
}

// without language and base, "/software/github.example/a/b/".
export function pathOf(base, url) {
  return new URL(url).pathname.slice(new URL(`${base}/`).pathname.length - 1).replace(/^\/en\//, "/");
}

// kindOf names the kind of page that an address is of: the first segment and the
// depth, "software 4".
function kindOf(base, url) {
  const parts = pathOf(base, url).split("/").filter(Boolean);
  return `${parts[0] ?? "home"}-${Math.min(parts.length, 4)}`;
}

// kinds chooses a page of each kind, the longest, as it has the most to get
// wrong: kind to path in both languages. A last segment that pages share below
// different ones is a kind of its own; so is what is asked for by a query.
export function kinds(base, answers) {
  const pages = [...answers.values()].filter((a) => a.html && a.status === 200 && !a.redirected && !/^\/(en|v1|api)\//.test(new URL(a.url).pathname));
  const last = (a) => pathOf(base, a.url).split("/").filter(Boolean).at(-1);
  const shared = new Map();
  for (const a of pages) if (!new URL(a.url).search) shared.set(`${kindOf(base, a.url)}/${last(a)}`, (shared.get(`${kindOf(base, a.url)}/${last(a)}`) ?? 0) + 1);
  const longest = new Map();
  for (const a of pages) {
    const { search } = new URL(a.url);
    let kind = kindOf(base, a.url);
    if (shared.get(`${kind}/${last(a)}`) > 2) kind += `-${last(a)}`;
    if (search) kind += "-asked";
    if (a.size > (longest.get(kind)?.size ?? 0)) longest.set(kind, a);
  }
  return Object.fromEntries([...longest].sort(([x], [y]) => (x < y ? -1 : 1)).map(([kind, a]) => [kind, pathOf(base, a.url) + new URL(a.url).search]));
}
