// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Puts a button beside what can be copied, where the browser lets a page copy.
if (navigator.clipboard) {
  for (const part of document.querySelectorAll(".copy")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "copy-button", textContent: part.dataset.copy });
    const text = part.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      button.textContent = part.dataset.copied;
      setTimeout(() => (button.textContent = part.dataset.copy), 4000);
    });
    part.after(button);
  }
}
