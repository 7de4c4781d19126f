// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Opens screenshots in a dialog; without it their links lead to the pictures.
{ // names of its own, as all scripts of a page share one space
  const list = document.querySelector("[data-pictures]");
  const links = [...list.querySelectorAll("a")];
  const words = list.dataset;
  const dialog = document.createElement("dialog");
  dialog.className = "viewer";
  dialog.setAttribute("aria-label", words.pictures);

  const add = (name, properties) => dialog.appendChild(Object.assign(document.createElement(name), properties));
  const picture = add("img", {});
  const caption = add("p", {});
  caption.setAttribute("role", "status");
  const button = (className, sign, label, onclick) => {
    const b = add("button", { type: "button", className, textContent: sign, title: label, onclick });
    b.setAttribute("aria-label", label);
  };
  button("viewer-close", "×", words.close, () => dialog.close());
  if (links.length > 1) {
    button("viewer-back", "‹", words.back, () => show(at - 1));
    button("viewer-on", "›", words.on, () => show(at + 1));
  }
  document.body.append(dialog);

  let at = 0;
  const show = (i) => {
    at = (i + links.length) % links.length;
    picture.src = links[at].href;
    picture.alt = links[at].firstElementChild.alt;
    caption.textContent = `${at + 1} / ${links.length}`;
  };

  links.forEach((link, i) =>
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      show(i);
      dialog.showModal();
    }),
  );
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) show(at + step);
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
