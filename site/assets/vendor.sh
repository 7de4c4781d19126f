#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Allmende authors
#
# SPDX-License-Identifier: EUPL-1.2

# Fetches the design system and the typeface by version and keeps what the site
# uses in assets/vendor and preview/fonts, with their licences. Needs npm, node
# and tar. The result is committed; run this only to change a version.
set -eu

KERN=2.7.2
FIRA=5.3.0

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent "@kern-ux/native@$KERN" "@fontsource/fira-sans@$FIRA" >/dev/null
mkdir kern fira
tar -xzf "kern-ux-native-$KERN.tgz" -C kern --strip-components=1
tar -xzf "fontsource-fira-sans-$FIRA.tgz" -C fira --strip-components=1

out="$here/vendor"
mkdir -p "$out"
node "$here/prune.mjs" "$KERN" <kern/dist/kern.css >"$out/kern.css"
cp kern/LICENSE.md "$out/kern.LICENSE.md"
for weight in 400 500 600; do
  cp "fira/files/fira-sans-latin-$weight-normal.woff2" "$out/"
done
cp fira/LICENSE "$out/fira-sans.OFL.txt"

fonts="$here/../preview/fonts"
mkdir -p "$fonts"
for weight in 400 600; do # pictures are drawn with the older form of the file
  for subset in latin latin-ext; do
    cp "fira/files/fira-sans-$subset-$weight-normal.woff" "$fonts/"
  done
done

# REUSE-IgnoreStart
for file in kern.css kern.LICENSE.md; do
  printf 'SPDX-FileCopyrightText: KERN-UX contributors <https://kern-ux.de>\n\nSPDX-License-Identifier: EUPL-1.2\n' >"$out/$file.license"
done
for file in "$out"/fira-sans* "$fonts"/*; do
  case $file in *.license) continue ;; esac
  printf 'SPDX-FileCopyrightText: 2012-2015 The Mozilla Foundation and Telefonica S.A.\n\nSPDX-License-Identifier: OFL-1.1\n' >"$file.license"
done
# REUSE-IgnoreEnd
ls -l "$out" "$fonts"
