// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Fetches the OpenAPI document of the node at ALLMENDE_URL.
import { writeFile } from 'node:fs/promises';

const url = `${process.env.ALLMENDE_URL}/openapi.json`;
const answer = await fetch(url);
if (!answer.ok) throw new Error(`${url}: status ${answer.status}`);
await writeFile('openapi.json', await answer.text());
