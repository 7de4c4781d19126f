// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// The page for an address that leads nowhere, where the site is files: the last
// part of the address is put into the search form, as a server would do it.

const field = document.querySelector("#q");
const part = location.pathname.slice(0, 500).split("/").filter(Boolean).at(-1) ?? "";
let words = "";
try {
  words = decodeURIComponent(part);
} catch {
  // no address that can be read
}
const idle = ["index", "html", "htm", "404"];
if (field && !field.value) field.value = words.split(/[^\p{L}\p{N}]+/u).filter((w) => w.length > 1 && !idle.includes(w.toLowerCase())).slice(0, 6).join(" ");
