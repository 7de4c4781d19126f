// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Searches the files that registry/search/shards describes. It does for a query
// what registry/search does, as far as files allow: what a word finds was looked
// up when they were written; here words are taken apart, brought together and
// put in order. It knows nothing of pages, so that it can be tested without.

// Points of the kinds of meetings that are told here; see registry/search.
const points = { exact: 20, stemmed: 18, parts: 8, prefix: 7, typo: 4 };
const mostPoints = 22 * 128; // that a word can count
const leastWorth = -128;
const ordinary = 256;
const mostWords = 16;
const few = 3; // results that make nobody look further
const enough = 55_000; // bytes read after which nothing is tried that need not be

/** Outdated says that a file is of another edition than the first that was read. */
export class Outdated extends Error {}

/**
 * open reads the manifest below an address, which ends with a slash. A loader
 * gives the bytes of a file by its name, its edition, "" for the manifest, and
 * whether caches are to be passed by.
 */
export async function open(base, load = fetched, anew = false) {
  const bytes = await load(base, "index.bin", "", anew);
  const manifest = JSON.parse(text(await unpack(bytes, 8)));
  if (manifest.version !== 1) throw new Outdated("another form");
  return new Index(manifest, (name) => load(base, name, manifest.edition, anew));
}

async function fetched(base, name, edition, anew) {
  const response = await fetch(base + name + (edition && `?v=${edition}`), { cache: anew ? "reload" : edition ? "default" : "no-cache" });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const text = (bytes) => new TextDecoder().decode(bytes);

// unpack leaves as it is what a host has unpacked already.
async function unpack(bytes, from) {
  const packed = bytes.subarray(from);
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return packed;
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

// lines are keys, each with how many letters are those of the one above.
function lines(all) {
  let above = [];
  return all.split("\n").slice(0, -1).map((line) => (above = [...above.slice(0, parseInt(line[0], 36)), ...line.slice(1)]).join(""));
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
    this.last = new Uint8Array(0); // key
  }
  get more() {
    return this.at < this.bytes.length;
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let n = 0;
    for (let shift = 1; ; shift *= 128) {
      const b = this.bytes[this.at++];
      n += (b & 127) * shift;
      if (b < 128) return n;
      if (b === undefined) throw new Error("a file ends too early");
    }
  }
  piece() {
    const size = this.number();
    return this.bytes.subarray(this.at, (this.at += size));
  }
  text() {
    return text(this.piece());
  }
  // key is a text that may begin as the one before.
  key() {
    const same = this.last.subarray(0, this.number());
    const rest = this.piece();
    const key = new Uint8Array(same.length + rest.length);
    key.set(same);
    key.set(rest, same.length);
    this.last = key;
    return text(key);
  }
}

// Found are entries and the points they are met with: 0 for one that is not.
class Found {
  constructor(entries) {
    this.points = new Float32Array(entries);
  }
  count() {
    return this.points.reduce((n, p) => n + (p > 0), 0);
  }
  meet(entry, n) {
    if (n > this.points[entry]) this.points[entry] = n;
  }
  add(list, share = 1) {
    for (let i = 0; i < list.entries.length; i++) this.meet(list.entries[i], list.points[i] * share);
    return this;
  }
  join(other, share = 1) {
    if (other) for (let i = 0; i < this.points.length; i++) if (other.points[i]) this.meet(i, other.points[i] * share);
    return this;
  }
  both(other) {
    for (let i = 0; i < this.points.length; i++) this.points[i] = Math.min(this.points[i], other.points[i]);
    return this;
  }
}

const endings = ["ern", "ien", "en", "er", "es", "em", "e", "n", "s"];
const english = [["ies", "y"], ["ing", ""], ["ed", ""], ["ly", ""]];
const links = ["", "s", "es", "n", "en", "er", "e", "ns"];

const stop = 1;
const filler = 2;
const generic = 4;
const listed = 8;
const typed = 16;

class Index {
  constructor(manifest, load) {
    this.entries = manifest.entries;
    this.perFile = manifest.perFile;
    this.edition = manifest.edition;
    this.facets = manifest.facets;
    this.orders = manifest.orders;
    this.from = Object.fromEntries(["words", "near", "tails", "names"].map((kind) => [kind, lines(manifest[kind])]));
    this.load = load;
    this.kept = new Map();
    this.read = 0; // bytes
  }

  // file is what a file has, read once.
  file(name, read) {
    if (!this.kept.has(name)) {
      const reading = this.load(name).then(async (bytes) => {
        this.read += bytes.length;
        if (hex(bytes.subarray(0, 8)) !== this.edition) throw new Outdated(name);
        return read(await unpack(bytes, 8));
      });
      reading.catch(() => this.kept.delete(name));
      this.kept.set(name, reading);
    }
    return this.kept.get(name);
  }

  // place is the number of the file of a kind that a key is in, if in any.
  place(kind, key) {
    const from = this.from[kind];
    let low = 0;
    for (let high = from.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (from[middle] <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  words(n) {
    return this.file(`words/${n}.bin`, readWords);
  }

  async word(key) {
    const n = this.place("words", key);
    return n < 0 ? undefined : (await this.words(n)).get(key);
  }

  // beginning are the words of up to three files that begin with something.
  async beginning(key) {
    const from = Math.max(0, this.place("words", key));
    const to = Math.min(Math.max(from, this.place("words", `${key}\uffff`)), from + 2);
    const files = await Promise.all(Array.from({ length: to - from + 1 }, (_, i) => this.words(from + i)));
    return files.flatMap((f) => [...f.values()]).filter((w) => w.key.startsWith(key) && !(w.flags & typed));
  }

  found() {
    return new Found(this.entries);
  }

  // all is what a word finds, and what other words for it do.
  all(word, alike = true) {
    const r = this.found().add(word.itself).add(word.other);
    return alike ? r.add(word.alike) : r;
  }

  // form finds a word that no entry has by its other forms.
  async form(key) {
    const bases = new Set();
    for (const e of endings) if (key.endsWith(e) && key.length - e.length >= 3) bases.add(key.slice(0, -e.length));
    for (const [e, as] of english) if (key.endsWith(e) && key.length - e.length >= 4) bases.add(key.slice(0, -e.length) + as);
    const r = this.found();
    for (const base of bases) {
      const w = await this.word(base);
      if (w && !(w.flags & typed)) r.add(w.itself, points.stemmed / points.exact).add(w.other).add(w.alike);
      else if (base.length >= 4) {
        const n = this.place("words", base);
        for (const e of n < 0 ? [] : endings) {
          const other = (await this.words(n)).get(base + e);
          if (other) r.add(other.itself, points.stemmed / points.exact).add(other.other);
        }
      }
    }
    return r;
  }

  // lookup finds a word as it is, in other forms, and as a beginning.
  async lookup(key, last, alike) {
    const word = await this.word(key);
    if (word && (!(word.flags & typed) || last || key.length > 2)) return this.all(word, alike);
    const r = await this.form(key);
    if (key.length >= (last ? 2 : 3)) for (const w of await this.beginning(key)) r.add(w.itself, points.prefix / points.exact);
    return r;
  }

  // around are the words that begin or, turned round, end as one does, as far as
  // up to three files of each have them.
  async around(key) {
    const half = Math.max(1, Math.floor((key.length - 1) / 2));
    const read = async (kind, key) => {
      const places = [key, key.slice(0, half), key.slice(0, 4)].map((k) => Math.max(0, this.place(kind, k)));
      const files = this.from[kind].length ? [...new Set(places)] : [];
      const all = [];
      for (const [i, n] of files.entries()) {
        if (i && this.read > enough) break;
        all.push(...(await this.file(`${kind}/${n}.bin`, kind === "near" ? readNear : readTails)));
      }
      return all;
    };
    const [near, tails] = await Promise.all([read("near", key), read("tails", turned(key))]);
    return { near, tails };
  }

  // splits finds a compound that no entry has by its two parts.
  async splits(key, { near, tails }) {
    const known = (words) => new Set(words.map((w) => w.key));
    const firsts = known(near.filter((w) => key.startsWith(w.key)));
    const lasts = known(tails.filter((w) => key.endsWith(w.key)));
    const r = this.found();
    let tried = 0;
    for (let i = key.length - 4; i >= 4 && tried < 3; i--) { // short ones are everywhere
      if (!lasts.has(key.slice(i))) continue;
      for (const link of links) {
        const first = key.slice(0, i - link.length);
        if (!key.slice(0, i).endsWith(link) || first.length < 4 || !firsts.has(first) || (tried && this.read > enough)) continue;
        const [one, other] = await Promise.all([this.part(first), this.part(key.slice(i))]);
        if (!one || !other) continue;
        tried++;
        r.join(this.all(one).both(this.all(other)), points.parts / points.exact);
      }
    }
    return r;
  }

  // mended finds a compound with a typing error in the second of its parts.
  async mended(key, { near }) {
    const r = this.found();
    const firsts = near.filter((w) => key.startsWith(w.key) && w.key.length >= 4).sort((a, b) => b.key.length - a.key.length);
    for (const { key: first } of firsts.slice(0, 3)) {
      for (const link of links) {
        const rest = key.slice(first.length + link.length);
        if (!key.startsWith(first + link) || rest.length < 6 || this.read > enough) continue;
        const one = await this.part(first);
        if (!one) break;
        const [other] = await this.near(rest, await this.around(rest));
        if (!other) continue;
        return { r: r.join(this.all(one).both(this.all(other)), points.typo / points.exact), meant: first + link + other.key };
      }
    }
    return { r };
  }

  // part is a word that may be one of a compound.
  async part(key) {
    const w = await this.word(key);
    return !w || w.flags & (stop | typed) ? undefined : w;
  }

  // near are the words that a misspelled one was probably meant for.
  async near(key, { near, tails }) {
    let limit = mistakes(key);
    let best = new Map();
    if (!limit) return [];
    for (const { key: word, spread } of [...near, ...tails]) {
      let n = misspelled(key, word, limit);
      if (n > limit && word.length > key.length && key.length >= 5) n = misspelled(key, unended(word), limit);
      if (n > limit) continue;
      if (n < limit) {
        limit = n;
        best = new Map();
      }
      best.set(word, Math.max(spread ?? 0, best.get(word) ?? 0));
    }
    const words = [];
    for (const [word] of [...best].sort((a, b) => b[1] - a[1]).slice(0, 6)) {
      if (words.length && this.read > enough) break;
      const w = await this.word(word);
      if (w) words.push(w);
    }
    return words.sort((a, b) => b.itself.entries.length - a.itself.entries.length);
  }

  // find finds what a clause asks for, looser ways where stricter ones find nothing.
  async find(clause) {
    if (clause.phrase) {
      const each = await Promise.all(clause.words.flat().map((w) => this.word(plain(w))));
      return each.map((w) => (w ? this.found().add(w.itself) : this.found())).reduce((all, one) => all.both(one));
    }
    const each = await Promise.all(clause.words.map((parts, i) => this.joined(parts, clause.last && i === clause.words.length - 1, !clause.row)));
    const all = () => each.reduce((all, one) => all.both(one), this.found().join(each[0]));
    const r = all();
    if (clause.row) r.add(clause.row.alike);
    if (r.count()) return r;
    for (const [i, parts] of clause.words.entries()) {
      if (each[i].count()) continue;
      const key = plain(parts.join(""));
      const known = await this.word(key);
      if (known && known.flags & listed) continue; // its parts were looked for, too
      const around = await this.around(key);
      each[i] = await this.splits(key, around);
      if (each[i].count()) continue;
      for (const w of await this.near(key, around)) {
        const r = this.all(w);
        each[i].join(r.count() ? r : await this.splits(w.key, await this.around(w.key)), points.typo / points.exact);
        clause.meant ??= around.near.find((n) => n.key === w.key)?.written ?? w.key;
      }
      if (each[i].count()) continue;
      const { r, meant } = await this.mended(key, around);
      each[i].join(r);
      clause.meant ??= meant;
    }
    return all();
  }

  // joined finds a word written together, or where it has joints all its parts.
  async joined(parts, last, alike) {
    const r = await this.lookup(plain(parts.join("")), last, alike);
    if (parts.length === 1 || (parts.some((p) => p.length === 1) && r.count())) return r;
    const words = await Promise.all(parts.map((p) => this.word(plain(p))));
    const telling = parts.filter((_, i) => !(words[i] && words[i].flags & generic));
    const each = await Promise.all((telling.length ? telling : parts).map((p) => this.lookup(plain(p), last && p === parts.at(-1), true)));
    return r.join(each.reduce((all, one) => all.both(one)));
  }

  // understood are the clauses of a question without words that say nothing, rows
  // of words that have another word together in one.
  async understood(wanted) {
    const flags = await Promise.all(wanted.map(async (c) => (c.phrase || c.words[0].length > 1 ? 0 : ((await this.word(plain(c.words[0][0])))?.flags ?? 0))));
    const telling = wanted.filter((_, i) => !(flags[i] & stop));
    const all = telling.length ? telling : wanted;
    const out = [];
    for (let i = 0; i < all.length; ) {
      let size = 1;
      let clause = all[i];
      for (let n = Math.min(4, all.length - i); n > 1 && size === 1; n--) {
        const row = all.slice(i, i + n);
        if (row.some((c) => c.phrase)) continue;
        const other = await this.word(plain(row.map((c) => c.words[0].join("")).join(" ")));
        if (other) [clause, size] = [{ words: row.flatMap((c) => c.words), last: row.at(-1).last, row: other }, n];
      }
      out.push({ ...clause, filler: size === 1 && (flags[wanted.indexOf(clause)] & filler) > 0 });
      i += size;
    }
    if (out.every((c) => c.filler)) for (const c of out) c.filler = false;
    return { clauses: out, stopped: !telling.length };
  }

  /**
   * search answers a query: its text, lists of values by facet, and an order,
   * "" for the one that suits. It gives the numbers of the entries in order, and
   * how it took what was misspelled.
   */
  async search({ text = "", filters = {}, sort = "", named = {}, lang = "" }) {
    const asked = parse(text);
    const name = nameKey(text);
    const blank = !text.trim();
    const byText = asked.wanted.length > 0;
    const order = sort && (sort === "name" || this.orders.includes(sort) || (sort === "relevance" && byText)) ? sort : byText ? "relevance" : "name";
    const ranked = order === "relevance";
    const worth = ranked ? this.file("worth.bin", (b) => b) : undefined;
    const called = ranked && lang && name ? this.called(name, lang) : [];
    worth?.catch(() => {}); // it is awaited below
    if (called.catch) called.catch(() => {});

    const { clauses, stopped } = await this.understood(asked.wanted);
    const results = await Promise.all(clauses.map((c) => this.find(c)));
    const factors = clauses.map((c, i) => (c.filler ? 1 : 4 + bits(Math.floor(this.entries / Math.max(results[i].count(), 1)))));
    const whole = new Uint8Array(this.entries).fill(blank || byText || asked.unwanted.length || asked.filters.length ? 1 : 0);
    const needed = results.filter((_, i) => !clauses[i].filler);
    const lacks = (e) => needed.reduce((n, r) => n + !r.points[e], 0);
    const matching = whole.map((m, e) => m && !lacks(e));
    const counted = (e) => results.reduce((sum, r, i) => sum + r.points[e] * factors[i], 0);
    relax(matching, mayLack(clauses, stopped), lacks, counted);
    for (const c of asked.unwanted) {
      const each = await Promise.all(c.words.flat().map((w) => this.word(plain(w))));
      if (each.some((w) => !w)) continue;
      const out = each.map((w) => this.found().add(w.itself)).reduce((all, one) => all.both(one));
      for (let e = 0; e < this.entries; e++) if (out.points[e]) matching[e] = 0;
    }
    const wanted = Object.entries(filters).map(([facet, values]) => ({ facet, values }));
    for (const f of asked.filters) wanted.push({ facet: f.facet, values: named[f.facet]?.(f.value) ?? [f.value], not: f.not });
    for (const { facet, values, not } of wanted) {
      if (!values.length || !this.facets.includes(facet)) continue;
      const has = await this.has(facet, values);
      for (let e = 0; e < this.entries; e++) if (has[e] === (not ? 1 : 0)) matching[e] = 0;
    }

    const entries = [];
    for (let e = 0; e < this.entries; e++) if (matching[e]) entries.push(e);
    if (order !== "name") {
      const of = ranked ? await this.ranks(counted, await worth, await called, factors) : (await this.places(order)).map((p) => -p);
      entries.sort((a, b) => of[b] - of[a] || a - b);
    }
    const meant = clauses.some((c) => c.meant) ? clauses.map((c) => c.meant ?? c.words.map((w) => w.join("")).join(" ")).join(" ") : "";
    return { entries, order, meant };
  }

  ranks(counted, worth, called, factors) {
    const most = factors.reduce((sum, f) => sum + mostPoints * f, 0);
    const same = new Set(called);
    return Float64Array.from({ length: this.entries }, (_, e) => {
      const text = counted(e) + (same.has(e) ? most : 0);
      return text && Math.floor((text * (ordinary + leastWorth + worth[e])) / ordinary);
    });
  }

  places(order) {
    return this.file(`orders/${order}.bin`, (b) => {
      const r = new Reader(b);
      return Float64Array.from({ length: this.entries }, () => r.number());
    });
  }

  column(facet) {
    return this.file(`facets/${facet}.bin`, (b) => {
      const r = new Reader(b);
      const values = Array.from({ length: r.number() }, () => r.text());
      return { values, of: Array.from({ length: this.entries }, () => Array.from({ length: r.number() }, () => r.number())) };
    });
  }

  async has(facet, wanted) {
    const { values, of } = await this.column(facet);
    const keys = new Set(wanted.map((w) => w.trim().toLowerCase()));
    const chosen = values.map((v) => keys.has(v.toLowerCase()));
    return Uint8Array.from(of, (all) => (all.some((v) => chosen[v]) ? 1 : 0));
  }

  /** counts tells of a facet how many of some entries have each value. */
  async counts(facet, entries) {
    const { values, of } = await this.column(facet);
    const n = new Uint32Array(values.length);
    for (const e of entries) for (const v of of[e]) n[v]++;
    return new Map(values.map((v, i) => [v.toLowerCase(), n[i]]));
  }

  cardFile(lang, n) {
    return this.file(`cards/${lang}/${n}.bin`, (b) => JSON.parse(text(b)));
  }

  /** cards are those of some entries, in HTML. */
  async cards(lang, entries) {
    const files = await Promise.all(entries.map((e) => this.cardFile(lang, Math.floor(e / this.perFile))));
    return entries.map((e, i) => files[i][e % this.perFile][1]);
  }

  // called are the entries with exactly that name.
  async called(name, lang) {
    const all = [];
    for (let n = this.place("names", name); n >= 0; n--) {
      const file = await this.cardFile(lang, n);
      file.forEach(([key], i) => key === name && all.push(n * this.perFile + i));
      if (file[0][0] < name) break;
    }
    return all;
  }
}

function readWords(bytes) {
  const r = new Reader(bytes);
  const all = Array.from({ length: r.number() }, () => ({ key: r.key(), flags: r.byte(), itself: { n: r.number() }, other: { n: r.number() }, alike: { n: r.number() } }));
  const lists = all.flatMap((w) => [w.itself, w.other, w.alike]);
  for (const list of lists) {
    let next = 0;
    list.entries = Uint32Array.from({ length: list.n }, () => {
      const entry = next + r.number();
      next = entry + 1;
      return entry;
    });
  }
  const points = Array.from({ length: r.number() }, () => r.number());
  for (const list of lists) list.points = Uint16Array.from({ length: list.n }, () => points[r.number()]);
  return new Map(all.map((w) => [w.key, w]));
}

function readNear(bytes) {
  const all = [];
  for (const r = new Reader(bytes); r.more; ) {
    const key = r.key();
    const spread = r.number();
    const as = r.number();
    const written = as > 1 ? text(r.bytes.subarray(r.at, (r.at += as - 1))) : as ? key.replace(/^./u, (c) => c.toUpperCase()) : key;
    all.push({ key, spread, written });
  }
  return all;
}

function readTails(bytes) {
  const all = [];
  for (const r = new Reader(bytes); r.more; ) all.push({ key: turned(r.key()) });
  return all;
}

const turned = (word) => [...word].reverse().join("");

// relax takes in what lacks some of the words where few have them all.
function relax(matching, may, lacks, counted) {
  const size = () => matching.reduce((n, m) => n + m, 0);
  const whole = matching.slice();
  let loose = false;
  for (let n = 1; n <= may && size() < few; n++) {
    loose = true;
    for (let e = 0; e < matching.length; e++) matching[e] = lacks(e) <= n ? 1 : 0;
  }
  if (!loose) return;
  let most = 0;
  matching.forEach((m, e) => m && (most = Math.max(most, counted(e))));
  matching.forEach((m, e) => m && !whole[e] && 2 * counted(e) < most && (matching[e] = 0));
}

function mayLack(clauses, stopped) {
  if (stopped || clauses.some((c) => c.phrase)) return 0;
  const words = clauses.reduce((n, c) => n + c.words.length, 0);
  const telling = clauses.filter((c) => !c.filler).length;
  return Math.max(0, Math.min(Math.floor(words / 3), telling - 1));
}

const bits = (n) => 32 - Math.clz32(n);

/** mistakes is how many typing errors are forgiven in a word. */
function mistakes(word) {
  const n = [...word].length;
  return n >= 20 ? 3 : n >= 8 ? 2 : n >= 4 ? 1 : 0;
}

function unended(word) {
  const e = ["en", "es", "er", "em", "e", "n", "s"].find((e) => word.endsWith(e));
  return e ? word.slice(0, -e.length) : word;
}

function misspelled(key, word, limit) {
  const swapped = word.length > 1 && key.slice(0, 2) === word[1] + word[0];
  if (!(key.length > 5 || swapped || key[0] === word[0])) return limit + 1;
  const n = distance(key, word, limit);
  return n > 2 && key[0] !== word[0] && !swapped ? limit + 1 : n;
}

// distance counts letters left out, put in, taken for another or swapped.
function distance(a, b, limit) {
  const x = [...a];
  const y = [...b];
  if (Math.abs(x.length - y.length) > limit) return limit + 1;
  let before = [];
  let above = Array.from({ length: y.length + 1 }, (_, j) => j);
  for (let i = 1; i <= x.length; i++) {
    const row = [i];
    for (let j = 1; j <= y.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x[i - 1] === y[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && x[i - 1] === y[j - 2] && x[i - 2] === y[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > limit) return limit + 1;
    [before, above] = [above, row];
  }
  return above[y.length];
}

const letters = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l", ı: "i", "\u00ad": "" };
const longest = 64; // bytes of a word

/** fold makes letters with and without diacritics the same: Ä and a, ß and ss. */
export function fold(word) {
  const same = word.normalize("NFC").toLowerCase().replace(/[ßæœøđłı\u00ad]/g, (c) => letters[c]);
  return cut(same.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss"), longest);
}

function cut(s, n) {
  const bytes = new TextEncoder().encode(s);
  if (bytes.length <= n) return s;
  while (n > 0 && (bytes[n] & 0xc0) === 0x80) n--;
  return text(bytes.subarray(0, n));
}

/** plain takes the second letter off umlauts that are written as two. */
export function plain(word) {
  let out = "";
  for (let i = 0; i < word.length; i++) {
    const two = i > 0 && (i === 1 || !"aeiouyq".includes(word[i - 2])) && ((word[i] === "e" && "aou".includes(word[i - 1])) || (i === 1 && word.startsWith("aa")));
    if (!two) out += word[i];
  }
  return out;
}

const word = "[\\p{L}\\p{N}\\p{M}\\u00ad]+";
const joint = "[-\\u2010\\u2011'’_.:*]";
const words = new RegExp(`${word}(?:${joint}${word})*`, "gu");
const single = new RegExp(word, "gu");

/** split are the words of a text as the parts between their joints, folded. */
export function split(text) {
  return Array.from(text.matchAll(words), ([w]) => (w.match(single) ?? []).map(fold).filter(Boolean)).filter((parts) => parts.length);
}

function nameKey(name) {
  const all = [];
  let size = 0;
  for (const parts of split(name)) {
    const w = parts.join("");
    if ((size += new TextEncoder().encode(w).length + 1) > 240) break;
    all.push(w);
  }
  return cut(all.join(" "), 120);
}

const filterNames = {
  lizenz: "licence", licence: "licence", license: "licence", kategorie: "category", category: "category",
  land: "region", bundesland: "region", region: "region", state: "region", country: "region",
  status: "status", reife: "status", herausgeber: "publisher", publisher: "publisher", organisation: "publisher",
  organization: "publisher", urteil: "verdict", verdict: "verdict",
};
const quotes = { '"': '"', "„": '“”"', "“": "”“", "”": "”", "«": "»", "»": "«" };

/** parse takes the text of a query apart. What it does not understand are words. */
export function parse(text) {
  const q = { wanted: [], unwanted: [], filters: [] };
  let n = 0;
  let rest = cut(text, 4096);
  const phrase = (s) => {
    const end = quotes[s[0]] ? [...s].findIndex((c, i) => i > 0 && quotes[s[0]].includes(c)) : -1;
    if (end < 0) return undefined;
    const all = [...s];
    return { held: all.slice(1, end).join(""), rest: all.slice(end + 1).join("") };
  };
  while ((rest = rest.trimStart()) && n < mostWords) {
    const not = /^-["„“”«»\p{L}\p{N}]/u.test(rest);
    if (not) rest = rest.slice(1);
    const [, name, behind] = /^([^:]{1,64}):(\S.*)$/su.exec(rest) ?? [];
    const facet = name && filterNames[fold(name).replaceAll("-", "")];
    if (facet) {
      const held = phrase(behind) ?? { held: behind.match(/^\S*/)[0], rest: behind.replace(/^\S*/, "") };
      rest = held.rest;
      n++;
      q.filters.push({ facet, value: held.held, not });
      continue;
    }
    const held = phrase(rest);
    const written = held ? held.held : rest.match(/^[^\s"„“”«»]*/)[0];
    if (!held && !written) {
      rest = rest.slice(1); // a quotation mark that nothing closes
      continue;
    }
    rest = held ? held.rest : rest.slice(written.length);
    const found = split(written).slice(0, mostWords - n);
    n += found.length;
    const into = not ? q.unwanted : q.wanted;
    if (held && found.flat().length > 1) into.push({ words: found, phrase: true });
    else for (const w of found) into.push({ words: [w], phrase: false, last: !held && !rest });
  }
  q.wanted.forEach((c, i) => (c.last &&= i === q.wanted.length - 1));
  return q;
}
