// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// The people that go through a site from end to end, and how they use a page.

import assert from "node:assert/strict";
import { languages, open, screenshot, served, wider } from "./browser.mjs";

// pointer and keyboard are two ways to use a page.
export const pointer = {
  press: (_, target) => target.click(),
  write: (_, target, text) => target.fill(text),
};

export const keyboard = {
  // to presses Tab until the target has the focus, and sees the focus all the
  // way: an outline of at least two pixels around something in the window.
  async to(page, target) {
    const wanted = await target.elementHandle();
    for (let i = 0; i < 600; i++) {
      await page.keyboard.press("Tab");
      const [there, seen, where] = await page.evaluate((wanted) => {
        const e = document.activeElement;
        const drawn = e.id === "source" ? e.closest(".code") : e;
        const style = getComputedStyle(drawn);
        const box = drawn.getBoundingClientRect();
        const within = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        return [e === wanted, e === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && within), e.outerHTML.slice(0, 160)];
      }, wanted);
      assert.ok(seen, `no visible focus: ${where}`);
      if (there) return;
    }
    assert.fail(`no way by Tab to ${target}`);
  },
  async press(page, target) {
    await keyboard.to(page, target);
    await page.keyboard.press("Enter");
  },
  async write(page, target, text) {
    await keyboard.to(page, target);
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(text);
  },
};

// somebody is in front of a site, with a window, a language and hands; t are the
// words that are on its pages.
export async function somebody(browser, who, t, { lang, width, colorScheme, script = true, hands = pointer, base = served, written = base !== served }) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, javaScriptEnabled: script, reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"] });
  context.setDefaultTimeout(10_000);
  const { page, trouble } = await open(context, `${base}${languages[lang]}/`);
  const setting = `${lang}-${width}-${colorScheme}${script ? "" : "-noscript"}${hands === keyboard ? "-keyboard" : ""}${written ? "-written" : ""}`;
  let step = 0;
  // What is folded is opened first, from the outside to the inside.
  const reach = async (target) => {
    target = target.first();
    await target.waitFor({ state: "attached" });
    while (!(await target.isVisible())) await hands.press(page, target.locator("xpath=ancestor::details[not(@open)]").first().locator("> summary"));
    return target;
  };
  return {
    page,
    t,
    base: `${base}${languages[lang]}`,
    press: async (target) => hands.press(page, await reach(target)),
    go: async (target, url) => {
      const link = await reach(target);
      await Promise.all([page.waitForURL(url), hands.press(page, link)]);
    },
    write: async (target, text) => hands.write(page, await reach(target), text),
    send: async (url) => Promise.all([page.waitForURL(url), page.keyboard.press("Enter")]),
    // sees keeps a picture of a step, and looks that nothing is wrong so far.
    sees: async (what, target) => {
      await target.first().waitFor();
      await target.first().scrollIntoViewIfNeeded();
      await page.screenshot({ path: screenshot(`journey-${who}-${setting}-${++step}-${what}.jpg`), type: "jpeg", quality: 70 });
      assert.equal(await wider(page), 0, `${what}: wider than the window`);
      assert.deepEqual(trouble, [], what);
    },
    close: () => context.close(),
  };
}

// describe is a setting in the name of a test.
export const describe = ({ lang, width, colorScheme, script = true, hands, base }) => `${lang} ${width} ${colorScheme}${script ? "" : ", without JavaScript"}${hands === keyboard ? ", by keyboard" : ""}${base ? ", written" : ""}`;
