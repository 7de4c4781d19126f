
// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Runs the editor's program beside the page, so that the page never waits. It
// stands behind Go's loader in one file. The first message is the compiled
// module; every other one is a request, answered in order.

onmessage = async ({ data }) => {
  if (data instanceof WebAssembly.Module) {
    const go = new Go();
    go.run(await WebAssembly.instantiate(data, go.importObject));
    return;
  }
  let answer;
  try {
    answer = JSON.parse(allmendeAnswer(JSON.stringify(data)));
  } catch (error) {
    answer = { broken: true, error: String(error) }; // the program has ended: out of memory
  }
  postMessage(answer);
};
