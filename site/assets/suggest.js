// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Ways to go on with what is being typed into the search, below its field. The
// field becomes a combobox with a listbox (ARIA Authoring Practices: editable,
// list autocomplete, manual selection). Without this script the form works as
// it is; so it does while no answer comes.

const shortest = 2; // characters before anything is asked
const pause = 150; // milliseconds without a key before it is

for (const form of document.querySelectorAll("form[data-suggest]")) suggest(form);

function suggest(form) {
  const input = form.querySelector("input[name=q]");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let active = -1; // option that the arrow keys have reached
  let timer;
  let asking; // aborts the request that is on its way

  list.className = "suggestions";
  list.id = `${input.id}-suggestions`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.label);
  status.className = "kern-sr-only";
  status.setAttribute("role", "status");
  input.after(list);
  form.append(status);
  // A search field is no combobox in HTML; a text field may be one.
  input.type = "text";
  input.enterKeyHint = "search";
  const states = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(states)) input.setAttribute(name, value);

  const options = () => [...list.children];
  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    status.textContent = "";
    input.setAttribute("aria-expanded", "false");
    reach(-1);
  };
  const reach = (n) => {
    active = n;
    for (const [i, option] of options().entries()) option.setAttribute("aria-selected", String(i === n));
    const option = list.children[n];
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const choose = (option) => {
    if (option.dataset.href) return location.assign(option.dataset.href);
    input.value = option.querySelector(".suggestion").textContent;
    form.requestSubmit();
  };
  const show = ({ items, status: said }) => {
    list.replaceChildren(...items.map(({ text, href, note }, i) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      option.dataset.href = href ?? "";
      option.setAttribute("role", "option");
      for (const [name, content] of [["suggestion", text], ["note", note]]) {
        const part = document.createElement("span");
        part.className = name;
        part.textContent = content;
        option.append(part, " ");
      }
      return option;
    }));
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = said;
    reach(-1);
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const typed = input.value.trim();
    if (typed.length < shortest) return close();
    try {
      const response = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: typed })}`, { signal: asking.signal });
      if (response.ok && document.activeElement === input) show(await response.json());
    } catch {
      // a newer question took its place, or there is no answer: the form is enough
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  });
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    const count = list.children.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.isComposing) {
      event.preventDefault();
      if (!open) ask();
      // The field itself lies between the last option and the first.
      else reach(((active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      choose(list.children[active]);
    } else if (event.key === "Tab") {
      close();
    }
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}
