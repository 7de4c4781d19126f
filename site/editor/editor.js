// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// The page /editor/: a text, what package publiccode says about it, and a form
// for its common keys. The text is the only truth; the form and the findings
// follow it. It is kept in memory and goes nowhere but to the worker.

const root = document.querySelector("[data-editor]");
const texts = root.dataset;
const lang = document.documentElement.lang;
const part = (name) => root.querySelector(`[data-${name}]`);
const act = (name) => root.querySelector(`[data-do="${name}"]`);
const source = root.querySelector("#source");
const profile = root.querySelector("#profile");
const severities = ["error", "warning", "advice"];

const maxSize = 1 << 20; // publiccode.MaxSize
const pause = 250; // milliseconds without a key before the text is checked
const patience = 20_000; // milliseconds that an answer may take

// --- the program ---------------------------------------------------------------

// The program comes compressed in a file, which any host can serve. Some hosts
// unpack such files on their own account.
async function loadModule(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  const bytes = await response.arrayBuffer();
  if (new Uint8Array(bytes)[0] !== 0x1f) return WebAssembly.compile(bytes);
  const unpacked = new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
}

// engine answers requests one after another. A worker that ends or takes too
// long is replaced, and the request fails.
const engine = {
  async start() {
    this.module ??= await loadModule(texts.module);
    this.worker = new Worker(texts.worker);
    this.worker.postMessage(this.module);
  },
  ask(request) {
    this.last = (this.last ?? Promise.resolve()).then(() => this.send(request), () => this.send(request));
    return this.last;
  },
  async send(request) {
    if (!this.worker) await this.start();
    const { worker } = this;
    const answer = await new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ broken: true, error: texts.slow }), patience);
      worker.onmessage = ({ data }) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.onerror = ({ message }) => resolve({ broken: true, error: message });
      worker.postMessage({ lang, profile: profile.value, ...request });
    });
    if (answer.broken) {
      worker.terminate();
      this.worker = null;
    }
    if (answer.error) throw new Error(answer.error);
    return answer;
  },
};

// --- the text -------------------------------------------------------------------

let shown = null; // the last answer, with the text that it is about
let lineEnd = "\n"; // of the file that was opened; a text area knows only one
let saved = ""; // the text as it was opened or downloaded last
let waiting; // timer of the next check

const history = {
  texts: [""],
  at: 0,
  remember() {
    if (this.texts[this.at] === source.value) return;
    this.texts.splice(this.at + 1, Infinity, source.value);
    let size = 0;
    this.texts = this.texts.filter((_, i) => (size += this.texts.at(-1 - i).length) < 16 * maxSize || i < 2);
    this.at = this.texts.length - 1;
  },
};

// replace puts another text into place and shows where it differs.
function replace(text) {
  history.remember();
  put(text);
  history.remember();
}

function put(text) {
  const old = source.value;
  source.value = text;
  busy(true);
  text = source.value;
  let from = 0;
  while (from < old.length && from < text.length && old[from] === text[from]) from++;
  let tail = 0;
  while (tail < old.length - from && tail < text.length - from && old.at(-1 - tail) === text.at(-1 - tail)) tail++;
  source.setSelectionRange(from, text.length - tail);
  reveal(from);
  draw();
}

function step(by) {
  history.remember();
  const text = history.texts[history.at + by];
  if (text === undefined) return;
  history.at += by;
  put(text);
  check();
}

// offsets are where the lines of a text begin. A byte order mark is no column.
function lineStarts(text) {
  const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

// offset is the index of a place; columns count code points.
function offset(text, starts, line, column) {
  if (line > starts.length) return text.length;
  let i = starts[line - 1];
  while (--column > 0 && i < text.length && text[i] !== "\n") i += text.codePointAt(i) > 0xffff ? 2 : 1;
  return i;
}

// --- checking -------------------------------------------------------------------

// busy says that what is shown is about an earlier text.
const busy = (is) => part("list").setAttribute("aria-busy", is);

function check() {
  clearTimeout(waiting);
  busy(true);
  const text = source.value;
  return engine.ask({ do: "check", text }).then((answer) => {
    if (source.value !== text) return; // another check is on its way
    history.remember();
    show(answer);
  }, fail);
}

function checkSoon() {
  clearTimeout(waiting);
  busy(true);
  waiting = setTimeout(check, pause);
}

// change asks for another text and puts it into place, unless somebody went on
// writing meanwhile: then it asks again.
let changes = Promise.resolve();
function change(request, after) {
  const run = async () => {
    for (;;) {
      clearTimeout(waiting);
      const text = source.value;
      if (request.index !== undefined && shown?.text !== text) return;
      const answer = await engine.ask({ ...request, text });
      if (source.value !== text) continue;
      if (answer.text !== undefined) replace(answer.text);
      show(answer);
      after?.(answer);
      return;
    }
  };
  changes = changes.then(run).catch(fail);
  return changes;
}

function fail(error) {
  if (engine.module) return tell(error.message);
  tell(`${texts.failed} ${error.message}`);
  document.querySelector("[data-editor-without]").hidden = false;
}

const tell = (text) => { part("status").textContent = text; };

const count = (key, n) => (n === 1 ? texts[`${key}One`] : texts[key]).replace("%s", n.toLocaleString(lang));

// --- what is shown ---------------------------------------------------------------

function show(answer) {
  shown = { ...answer, text: source.value };
  const blank = !shown.text.trim();
  const numbers = severities.map((s) => [s, answer.findings.filter((f) => f.severity === s).length]).filter(([, n]) => n);
  const summary = blank ? texts.empty : numbers.map(([s, n]) => count(s, n)).join(", ") || texts.none;
  if (part("counts").textContent !== summary) part("counts").textContent = summary;
  part("counts").classList.toggle("good", !blank && !numbers.length);

  part("list").replaceChildren(...(blank ? [] : answer.findings.map(findingItem)));
  act("fix").disabled = blank || !answer.findings.some((f) => f.mendable);
  act("undo").disabled = history.at === 0;
  act("redo").disabled = history.at === history.texts.length - 1;
  part("unchecked").hidden = blank || !answer.unchecked;
  part("unchecked").querySelector("ul").replaceChildren(...(answer.unchecked ?? []).map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
  showForm(blank);
  draw();
  busy(false);
}

function findingItem(f, index) {
  const item = part("finding").content.firstElementChild.cloneNode(true);
  const get = (name) => item.querySelector(`[data-${name}]`);
  item.classList.add(`is-${f.severity}`);
  get("place").textContent = texts.at.replace("%d", f.line).replace("%d", f.column);
  get("place").addEventListener("click", () => goTo(f));
  get("key").textContent = f.key ?? "";
  get("message").textContent = f.message;
  get("help").textContent = f.help;
  get("code").href = `${texts.findings}${f.code}/`;
  get("code").querySelector("code").textContent = f.code;
  get("standard").href = f.standard;
  get("mend").hidden = !f.mendable;
  get("mend").addEventListener("click", () => change({ do: "mend", index }, () => {
    tell(count("mended", 1));
    // The button is gone: the next one, or the heading.
    const next = [...part("list").querySelectorAll("[data-mend]:not([hidden])")];
    (next.find((b) => [...part("list").children].indexOf(b.closest("li")) >= index) ?? next.at(-1) ?? root.querySelector("#results")).focus();
  }));
  return item;
}

// goTo selects what a finding is about.
function goTo(f) {
  choose(root.querySelector("#tab-text"));
  const text = source.value;
  const starts = lineStarts(text);
  source.focus({ preventScroll: true });
  source.setSelectionRange(offset(text, starts, f.line, f.column), offset(text, starts, f.endLine, f.endColumn));
  reveal(source.selectionStart);
  source.closest(".code").scrollIntoView({ block: "nearest" });
}

// reveal scrolls the text so that an index is in sight.
function reveal(index) {
  const before = source.value.slice(0, index);
  const { height, width } = measures();
  const top = before.split("\n").length * height;
  if (top < source.scrollTop + 2 * height || top > source.scrollTop + source.clientHeight - 2 * height) {
    source.scrollTop = top - source.clientHeight / 3;
  }
  const left = (index - before.lastIndexOf("\n")) * width;
  if (left < source.scrollLeft || left > source.scrollLeft + source.clientWidth - 4 * width) {
    source.scrollLeft = left - source.clientWidth / 2;
  }
}

const probe = document.createElement("canvas").getContext("2d");
function measures() {
  const style = getComputedStyle(source);
  probe.font = style.font;
  return { height: parseFloat(style.lineHeight), width: probe.measureText("0").width };
}

// draw writes line numbers and marks beside and behind the lines in sight.
function draw() {
  const { height } = measures();
  if (!height || !source.clientHeight) return;
  const text = source.value;
  const starts = lineStarts(text);
  const first = Math.max(0, Math.floor(source.scrollTop / height) - 1);
  const last = Math.min(starts.length, first + Math.ceil(source.clientHeight / height) + 3);
  const findings = shown?.text === text && text.trim() ? shown.findings.filter((f) => f.line <= last && f.endLine > first) : [];
  const numbers = [];
  const marked = [];
  for (let line = first + 1; line <= last; line++) {
    const own = findings.filter((f) => f.line === line);
    const number = document.createElement("span");
    number.textContent = line;
    number.className = severities.find((s) => own.some((f) => f.severity === s)) ?? "";
    numbers.push(number);
    marked.push(markLine(text.slice(starts[line - 1], (starts[line] ?? text.length + 1) - 1), line, findings));
  }
  part("lines").replaceChildren(...numbers);
  part("marks").replaceChildren(...marked);
  part("lines").style.transform = `translateY(${first * height - source.scrollTop}px)`;
  part("marks").style.transform = `translate(${-source.scrollLeft}px, ${first * height - source.scrollTop}px)`;
}

// markLine is a line of text in which the places of findings are marked; only
// the marks are visible.
function markLine(text, line, findings) {
  const row = document.createElement("div");
  const chars = text.length > 1000 ? [] : [...text];
  let at = 0;
  for (const f of findings.toSorted((a, b) => a.column - b.column)) {
    const from = f.line === line ? f.column - 1 : f.line < line ? chars.findIndex((c) => c.trim()) : Infinity;
    const to = f.endLine === line ? f.endColumn - 1 : f.endLine > line ? chars.length : 0;
    if (from < at || to <= from || from >= chars.length) continue;
    const mark = document.createElement("mark");
    mark.className = f.severity;
    mark.textContent = chars.slice(from, to).join("");
    row.append(chars.slice(at, from).join(""), mark);
    at = to;
  }
  row.append(chars.slice(at).join("") || "\u200b");
  return row;
}

// --- the form --------------------------------------------------------------------

const fields = [...root.querySelectorAll("[data-path]")].map((element) => ({
  element,
  control: element.querySelector("select, textarea, input"),
  error: element.querySelector(".field-error"),
  list: element.querySelector(".field-list"),
  lang: element.closest("[data-lang]")?.dataset.lang,
}));

// pathOf is the path of a field in this text: its description may have the tag
// de-DE where the form says de.
function pathOf(field) {
  const { path } = field.element.dataset;
  const tag = field.lang && shown.tags.find((t) => t.toLowerCase().split("-")[0] === field.lang);
  return tag ? path.replace(`.${field.lang}.`, `.${tag}.`) : path;
}

function showForm(blank) {
  part("unreadable").hidden = shown.readable || blank;
  part("form").disabled = !shown.readable && !blank;
  for (const field of fields) {
    const path = pathOf(field);
    const value = shown.values[path];
    if (field.list) showList(field, path, value ?? []);
    else if (field.control !== document.activeElement) field.control.value = fit(field.control, String(value ?? ""));
    const findings = blank ? [] : shown.findings.filter((f) => f.key === path || f.key?.startsWith(`${path}[`));
    field.error.textContent = findings[0]?.message ?? "";
    field.error.hidden = !findings.length;
    field.error.className = `field-error is-${findings[0]?.severity}`;
    field.control.setAttribute("aria-invalid", findings.some((f) => f.severity === "error"));
  }
}

// fit makes room in a choice for a value that it does not have.
function fit(control, value) {
  if (control.localName !== "select") return value;
  control.querySelector("[data-own]")?.remove();
  if (value && ![...control.options].some((o) => o.value === value)) {
    const own = new Option(texts.unknown.replace("%s", value), value);
    own.dataset.own = "";
    control.append(own);
  }
  return value;
}

function showList(field, path, values) {
  if (field.list.dataset.values === JSON.stringify(values)) return;
  field.list.dataset.values = JSON.stringify(values);
  field.list.replaceChildren(...values.map((value, i) => {
    const item = part("item").content.firstElementChild.cloneNode(true);
    const label = [...(field.control.list?.options ?? [])].find((o) => o.value === value)?.text;
    item.querySelector("[data-label]").textContent = label ?? "";
    item.querySelector("[data-value]").textContent = label === value ? "" : value;
    item.querySelector("[data-remove] .kern-sr-only").textContent = texts.remove.replace("%s", label ?? value);
    item.querySelector("[data-remove]").addEventListener("click", () => {
      change({ do: "list", path, values: values.toSpliced(i, 1) }, () => {
        (field.list.children[Math.min(i, field.list.children.length - 1)]?.querySelector("button") ?? field.control).focus();
      });
    });
    return item;
  }));
}

function addToList(field) {
  const typed = field.control.value.trim();
  const option = [...(field.control.list?.options ?? [])].find((o) => o.text.toLowerCase() === typed.toLowerCase());
  const value = option?.value ?? typed;
  const path = pathOf(field);
  const values = shown.values[path] ?? [];
  field.control.value = "";
  field.control.focus();
  if (value && !values.includes(value)) change({ do: "list", path, values: [...values, value] });
}

function setField(field) {
  clearTimeout(field.waiting);
  const path = pathOf(field);
  const { value } = field.control;
  if (value !== String(shown.values[path] ?? "")) change({ do: "set", path, value });
}

for (const field of fields) {
  if (field.list) {
    field.element.querySelector("[data-add]").addEventListener("click", () => addToList(field));
    field.control.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      addToList(field);
    });
    continue;
  }
  field.control.addEventListener("input", () => {
    clearTimeout(field.waiting);
    field.waiting = setTimeout(setField, pause, field);
  });
  field.control.addEventListener("change", () => setField(field));
}

// --- tabs ------------------------------------------------------------------------

const tabs = [...root.querySelectorAll("[role=tab]")];

function choose(tab) {
  for (const t of tabs) {
    const chosen = t === tab;
    t.setAttribute("aria-selected", chosen);
    t.tabIndex = chosen ? 0 : -1;
    document.getElementById(t.getAttribute("aria-controls")).hidden = !chosen;
  }
  draw();
}

for (const tab of tabs) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = tabs.at((tabs.indexOf(tab) + by) % tabs.length);
    choose(next);
    next.focus();
  });
}

// --- files -----------------------------------------------------------------------

async function open(file) {
  if (file.size > maxSize) return tell(texts.large);
  const address = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  return change({ do: "open", bytes: address.slice(address.indexOf(",") + 1) }, (answer) => {
    lineEnd = answer.text?.includes("\r\n") ? "\r\n" : "\n";
    saved = source.value;
    source.setSelectionRange(0, 0);
    source.scrollTop = 0;
    tell([texts.opened.replace("%s", file.name), ...(answer.mended ?? [])].join(" "));
  });
}

// settle waits until what was typed into the form is in the text.
function settle() {
  for (const field of fields) if (!field.list) setField(field);
  return changes;
}

async function save() {
  await settle();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([source.value.replaceAll("\n", lineEnd)], { type: "application/yaml" }));
  link.download = "publiccode.yml";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  saved = source.value;
  tell(texts.saved);
}

async function copy() {
  await settle();
  try {
    await navigator.clipboard.writeText(source.value);
    tell(texts.copied);
  } catch {
    choose(tabs[0]);
    source.select();
    tell(texts.uncopied);
  }
}

const actions = {
  open: () => part("file").click(),
  template: () => change({ do: "template" }, () => { lineEnd = "\n"; }),
  undo: () => { step(-1); tell(texts.undone); },
  redo: () => step(1),
  copy,
  save,
  fix: () => change({ do: "fix" }, (answer) => {
    tell(count("mended", answer.mended?.length ?? 0));
    root.querySelector("#results").focus();
  }),
};
for (const [name, run] of Object.entries(actions)) act(name).addEventListener("click", run);

part("file").addEventListener("change", ({ target }) => {
  if (target.files[0]) open(target.files[0]).catch(fail);
  target.value = "";
});
root.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  root.classList.add("is-target");
});
root.addEventListener("dragleave", (event) => {
  if (!root.contains(event.relatedTarget)) root.classList.remove("is-target");
});
root.addEventListener("drop", (event) => {
  root.classList.remove("is-target");
  const [file] = event.dataTransfer.files;
  if (!file) return;
  event.preventDefault();
  open(file).catch(fail);
});
addEventListener("beforeunload", (event) => {
  if (source.value.trim() && source.value !== saved) event.preventDefault();
});

// --- start -----------------------------------------------------------------------

function showProfile() {
  root.querySelector("#profile-about").textContent = profile.selectedOptions[0].dataset.about;
}

source.addEventListener("input", () => { draw(); checkSoon(); });
source.addEventListener("scroll", draw);
source.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault(); // the browser forgets its own history when a text is replaced
  step(key === "y" || event.shiftKey ? 1 : -1);
});
new ResizeObserver(draw).observe(source);
profile.addEventListener("change", () => { showProfile(); check(); });

document.querySelector("[data-editor-without]").hidden = true;
root.hidden = false;
tell(texts.loading);
showProfile();
draw();
check().then(() => {
  if (!engine.module) return;
  tell("");
  root.dataset.ready = "";
});
