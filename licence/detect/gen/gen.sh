#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Allmende authors
#
# SPDX-License-Identifier: EUPL-1.2

# Fetches the SPDX licence list and packs the texts anew. For a later release
# change the version here and in texts/README.md.
set -eu
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm pack --silent --pack-destination "$dir" spdx-license-list@6.12.0 >/dev/null
tar xzf "$dir"/spdx-license-list-*.tgz -C "$dir"
go run ./gen "$dir/package/spdx-full.json" texts texts.gz
