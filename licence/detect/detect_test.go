// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/allmende-registry/allmende/spdx"
)

func file(t testing.TB, name string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.FromSlash(name)) //nolint:gosec // named by the test
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func official(t testing.TB, id string) string { return file(t, "../../LICENSES/"+id+".txt") }

// known licence texts put together from the packed ones, for what lies nowhere else.
func packed(t testing.TB, id string) string {
	t.Helper()
	for _, p := range unpacked(t) {
		if p.id == id {
			return p.body
		}
	}
	t.Fatalf("no text of %s", id)
	return ""
}

// said is what a test expects of a match: kind and identifier.
func said(found []Match) string {
	var out []string
	for _, m := range found {
		out = append(out, strings.TrimSpace(string(m.Kind)+" "+m.SPDX))
	}
	return strings.Join(out, ", ")
}

// TestTexts changes the way licence texts lie in files, not what they say.
func TestTexts(t *testing.T) {
	mit, apache, eupl := official(t, "MIT"), official(t, "Apache-2.0"), official(t, "EUPL-1.2")
	gpl, classpath := packed(t, "GPL-3.0"), file(t, "texts/Classpath-exception-2.0.txt")
	utf16le := func(s string) string {
		var b bytes.Buffer
		b.WriteString("\xff\xfe")
		for _, c := range utf16.Encode([]rune(s)) {
			b.WriteByte(byte(c))
			b.WriteByte(byte(c >> 8))
		}
		return b.String()
	}
	latin1 := func(s string) string {
		var b []byte
		for _, c := range s {
			if c < 256 {
				b = append(b, byte(c))
			} else {
				b = append(b, '"')
			}
		}
		return string(b)
	}
	paragraphs := func(s string) string {
		return "<!DOCTYPE html>\n<html><head><title>Licence</title></head><body>\n<p>" +
			strings.ReplaceAll(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s), "\n\n", "</p>\n\n<p>") + "</p></body></html>"
	}
	rtf := func(s string) string {
		var b strings.Builder
		b.WriteString(`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fswiss Helvetica;}}{\colortbl;\red0\green0\blue0;}` + "\n" + `\f0\fs24 `)
		for _, c := range s {
			switch {
			case c == '\n':
				b.WriteString("\\par\n")
			case c == '{' || c == '}' || c == '\\':
				b.WriteString(`\` + string(c))
			case c < 128:
				b.WriteRune(c)
			case c < 256:
				fmt.Fprintf(&b, `\'%02x`, c)
			default:
				fmt.Fprintf(&b, `\u%d?`, c)
			}
		}
		return b.String() + "}"
	}
	german := file(t, "texts/EUPL-1.2.de.txt")

	for _, c := range []struct{ name, text, want string }{
		{"as it is", eupl, "text EUPL-1.2"},
		{"German", german, "text EUPL-1.2"},
		{"German in a single-byte encoding", latin1(german), "text EUPL-1.2"},
		{"Italian", file(t, "texts/EUPL-1.2.it.txt"), "text EUPL-1.2"},
		{"French, wrapped", wrapped(file(t, "texts/EUPL-1.2.fr.txt"), 60), "text EUPL-1.2"},
		{"Dutch in capitals", strings.ToUpper(file(t, "texts/EUPL-1.2.nl.txt")), "text EUPL-1.2"},
		{"without appendix", until(eupl, "Appendix\n"), "text EUPL-1.2"},
		{"byte order mark", "\ufeff" + mit, "text MIT"},
		{"UTF-16", utf16le(eupl), "text EUPL-1.2"},
		{"CRLF", strings.ReplaceAll(apache, "\n", "\r\n"), "text Apache-2.0"},
		{"old Mac", strings.ReplaceAll(mit, "\n", "\r"), "text MIT"},
		{"one line", strings.Join(strings.Fields(gpl), " "), "text GPL-3.0"},
		{"narrow", wrapped(apache, 40), "text Apache-2.0"},
		{"comment", "/*\n" + prefixed(mit, " * ") + "\n */\n", "text MIT"},
		{"number signs", prefixed(apache, "# "), "text Apache-2.0"},
		{"quoted Markdown", "# Licence\n\n" + prefixed(mit, "> "), "text MIT"},
		{"Markdown code", "# EUPL\n\n```\n" + eupl + "```\n", "text EUPL-1.2"},
		{"HTML", paragraphs(apache), "text Apache-2.0"},
		{"RTF", rtf(eupl), "text EUPL-1.2"},
		{"RTF in German", rtf(german), "text EUPL-1.2"},
		{"own names", strings.Replace(mit, "Copyright (c)", "Copyright (c) 2019-2026 Gemeinde Musterau, Amt für Digitales\nPortions copyright 2024", 1), "text MIT"},
		{"no copyright line", since(mit, "Permission"), "text MIT"},
		{"names in the conditions", strings.ReplaceAll(packed(t, "BSD-3-Clause"), "the copyright holder nor", "Stadtwerke Musterau GmbH nor"), "text BSD-3-Clause"},
		{"without instructions", until(apache, "END OF TERMS"), "text Apache-2.0"},
		{"own header", "Musterprogramm\nCopyright (C) 2026 Stadt Musterau\n\n" + gpl, "text GPL-3.0"},
		{"spelling", strings.NewReplacer("Licence", "License", "licence", "license").Replace(eupl), "text EUPL-1.2"},
		{"two licences", mit + "\n----\n\n" + apache, "text Apache-2.0, text MIT"},
		{"with exception", gpl + "\n\n\"CLASSPATH\" EXCEPTION\n\n" + classpath, "text GPL-3.0, text Classpath-exception-2.0"},
		{"LGPL with the GPL behind it", packed(t, "LGPL-3.0") + "\n\n" + gpl, "text GPL-3.0, text LGPL-3.0"},
		{"GPL with the notice of later versions", "This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.\n\n" + gpl, "text GPL-3.0, notice GPL-3.0-or-later"},
		{"the same twice", mit + "\n\n" + mit, "text MIT, text MIT"},
		{"a word in two", strings.Replace(mit, "NONINFRINGEMENT", "NON-\nINFRINGEMENT", 1), "text MIT"},
		{"NULs", strings.ReplaceAll(mit, "\n", "\x00\n"), "text MIT"},

		{"former version, with the notice of the next", "COMMON DEVELOPMENT AND DISTRIBUTION LICENSE (CDDL)\nVersion 1.0\n" + since(packed(t, "CDDL-1.0"), "1. Definitions") + since(packed(t, "CDDL-1.1"), "NOTICE PURSUANT"), "text CDDL-1.0"},

		{"clause added", strings.Replace(mit, "THE SOFTWARE IS PROVIDED", "The Software may be used by public bodies of the federation and of the Länder in the course of their own duties, after they told the author.\n\nTHE SOFTWARE IS PROVIDED", 1), "modified MIT"},
		{"clause removed", cut(mit, "THE SOFTWARE IS PROVIDED", "NONINFRINGEMENT."), "modified MIT"},
		{"condition removed, which is another licence", strings.Replace(cut(mit, "The above copyright", "Software.\n"), "MIT License", "", 1), "text MIT-0"},
		{"words that restrict", strings.Replace(mit, "without restriction, including", "for non-commercial purposes, including", 1), "modified MIT"},
		{"a word that turns it", strings.Replace(mit, "and/or sell", "and/or not sell", 1), "modified MIT"},
		{"selling left out", strings.Replace(mit, ", and/or sell\ncopies", "\ncopies", 1), "modified MIT"},
		{"restriction behind", mit + "\nCommercial use of the Software requires a separate agreement with the city.\n", "modified MIT"},
		{"restriction before", "This software may not be used by competitors of the author.\n\n" + apache, "modified Apache-2.0"},
		{"German restriction", mit + "\nDie Nutzung ist nur für den internen Dienstgebrauch gestattet.\n", "modified MIT"},
		{"half of it", eupl[:len(eupl)*3/5], "modified EUPL-1.2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := said(Text([]byte(c.text))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func until(s, mark string) string { before, _, _ := strings.Cut(s, mark); return before }

func since(s, mark string) string { _, behind, _ := strings.Cut(s, mark); return mark + behind }

func cut(s, from, to string) string {
	i := strings.Index(s, from)
	j := i + strings.Index(s[i:], to) + len(to)
	return s[:i] + s[j:]
}

// TestNotices reads what names a licence, and not what only sounds like it.
func TestNotices(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"the EUPL's own", "Copyright 2026 Kreis Musterau\n\nLicensed under the EUPL, Version 1.2 only (the \"Licence\");", "notice EUPL-1.2"},
		{"or later", "Licensed under the EUPL, Version 1.2 or later", "notice EUPL-1.2+"},
		{"or subsequent versions", "Licensed under the EUPL, Version 1.2 or - as soon as approved - subsequent versions of the EUPL (the \"Licence\");", "notice EUPL-1.2+"},
		{"German", "Lizenziert unter der EUPL v1.2", "notice EUPL-1.2"},
		{"German sentence", "Das Programm steht unter der EUPL 1.2 und darf weitergegeben werden.", "notice EUPL-1.2"},
		{"Italian", "Concesso in licenza a norma dell'EUPL (la \"Licenza\"), versione 1.2;", "notice EUPL-1.2"}, //nolint:misspell // Italian
		{"SPDX", "// SPDX-License-Identifier: (MIT OR Apache-2.0)\n", "notice MIT OR Apache-2.0"},
		{"SPDX in a comment", "/* SPDX-License-Identifier: GPL-2.0-or-later WITH Classpath-exception-2.0 */", "notice GPL-2.0-or-later WITH Classpath-exception-2.0"},
		{"SPDX in HTML", "<!-- SPDX-License-Identifier: CC-BY-4.0 -->", "notice CC-BY-4.0"},
		{"SPDX nonsense", "SPDX-License-Identifier: ask us", ""},
		{"GNU or later", "# under the terms of the GNU Affero General Public License as published by\n# the Free Software Foundation, either version 3 of the License, or\n# (at your option) any later version.\n", "notice AGPL-3.0-or-later"},
		{"GNU this one", "modify it under the terms of the GNU General Public License version 2 as published by the Free Software Foundation.", "notice GPL-2.0-only"},
		{"GNU version before", "available under version 2.1 of the GNU Lesser General Public License.", "notice LGPL-2.1"},
		{"GNU no version", "under the GNU General Public License.", ""},
		{"by name", "Released under the Apache License, Version 2.0.", "notice Apache-2.0"},
		{"heading", "# Musterprogramm\n\nEin Programm.\n\n## Lizenz\n\n[MIT](LICENSE)\n", "notice MIT"},
		{"underlined heading", "License\n=======\n\nEUPL-1.2\n", "notice EUPL-1.2"},
		{"label", "Licence: GNU GPL v3\n", "notice GPL-3.0"},
		{"choice", "Licensed under MIT or Apache-2.0, at your choice.", "notice MIT OR Apache-2.0"},
		{"both", "The program is dual-licensed under the EUPL v1.2 and AGPLv3 licenses.", "notice EUPL-1.2, notice AGPL-3.0"},
		{"only the name", "Apache License 2.0\n", "notice Apache-2.0"},
		{"badge", "[![License](https://img.shields.io/badge/License-MIT-blue.svg)](x)", "notice MIT"},
		{"address", "[license](https://opensource.org/licenses/BSD-3-Clause)", "notice BSD-3-Clause"},
		{"Creative Commons by address", "Texts are licensed (https://creativecommons.org/licenses/by-sa/4.0/deed.de).", "notice CC-BY-SA-4.0"},
		{"data licence", "Lizenz: dl-de/by-2-0", "notice DL-DE-BY-2.0"},
		{"text in a language not known", "UNIJSKA DOVOLJENKA v. 1.2\nEUPL © Izmišljena unija 2007, 2016\n\nbesedilo\n- GNU General Public License (GPL) v. 2, v. 3\nlicensed under the MIT license\n", "notice EUPL-1.2"},
		{"two in a text", "The program is licensed under the EUPL-1.2, its manual under CC BY 4.0.", "notice EUPL-1.2, notice CC-BY-4.0"},

		{"folder", "The licences are in LICENSES/.", "pointer"},
		{"file in the folder", "See LICENSES/EUPL-1.2.txt for the text.", "pointer EUPL-1.2"},
		{"other file", "Siehe die Datei LICENSE im Ordner darüber.", "pointer"},
		{"link", "../LICENSE", "pointer"},
		{"folder elsewhere", "https://example.org/licenses/all.html", ""},

		{"denied", "This is not licensed under the GPL-3.0.", ""},
		{"German denied", "Das Programm ist nicht unter der EUPL 1.2 lizenziert.", ""},
		{"compatible", "A licence compatible with others, kompatibel unter MIT", ""},
		{"common words", "It runs under PHP 8, under X11 and under Python 3.", ""},
		{"a place", "She studied at MIT under a famous teacher.", ""},
		{"nothing", "Ein Satz ohne Rechte.", ""},
		{"empty", "", ""},
		{"all rights", "Copyright 2026 Firma Muster. All rights reserved.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := said(Text([]byte(c.text))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestLines(t *testing.T) {
	mit := official(t, "MIT")
	got := Text([]byte("Musterprogramm\n\n\n" + since(mit, "Permission") + "\nsee also\nSPDX-License-Identifier: CC0-1.0\n"))
	if len(got) != 2 || got[0].Line != 4 || got[0].EndLine != 20 || got[1].Line != 23 || got[1].EndLine != 23 || got[0].Confidence != 1 {
		t.Errorf("got %+v", got)
	}
}

// TestKnown recognises every packed text as what it is.
func TestKnown(t *testing.T) {
	// Texts that differ from another only in what does not count, a copyright line
	// or a heading, are taken for that one.
	same := map[string]string{}
	for _, p := range unpacked(t) {
		got := Text([]byte(p.body))
		if len(got) == 0 || got[0].Kind != FullText && got[0].Kind != Modified {
			t.Errorf("%s: got %q", p.id, said(got))
			continue
		}
		if got[0].SPDX != p.id {
			same[p.id] = got[0].SPDX
		} else if got[0].Confidence < certain {
			t.Errorf("%s: confidence %v", p.id, got[0].Confidence)
		}
	}
	t.Logf("%d texts, taken for another: %v", len(unpacked(t)), same)
	if len(same) > 25 {
		t.Errorf("%d texts are taken for others: %v", len(same), same)
	}
	for _, id := range []string{
		"AGPL-1.0", "AGPL-3.0", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0",
		"CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC0-1.0", "DL-DE-BY-2.0", "DL-DE-ZERO-2.0", "EPL-2.0", "etalab-2.0", "EUPL-1.0", "EUPL-1.1", "EUPL-1.2",
		"GPL-2.0", "GPL-3.0", "ISC", "LGPL-2.1", "LGPL-3.0", "MIT", "MIT-0", "MPL-2.0", "ODbL-1.0", "OGL-UK-3.0", "OFL-1.1", "Unlicense",
	} {
		if other, ok := same[id]; ok {
			t.Errorf("%s is taken for %s", id, other)
		}
		packed(t, id)
	}
}

// TestHostile holds the bounds: each of these must come back, and soon.
func TestHostile(t *testing.T) {
	mit := official(t, "MIT")
	for name, src := range map[string]string{
		"one word":        strings.Repeat("software ", 1<<17),
		"one long word":   strings.Repeat("a", 1<<20),
		"NULs":            strings.Repeat("\x00", 1<<20),
		"line breaks":     strings.Repeat("\n", 1<<20),
		"one sentence":    strings.Repeat("this permission notice shall be included in all copies ", 1<<14),
		"many licences":   strings.Repeat(mit, 200),
		"many notices":    strings.Repeat("licensed under the MIT license ", 1<<14),
		"many tags":       strings.Repeat("SPDX-License-Identifier: MIT OR Apache-2.0\n", 1<<13),
		"open elements":   strings.Repeat("<p ", 1<<16),
		"open groups":     `{\rtf1` + strings.Repeat(`{\*\x`, 1<<16),
		"odd control":     "{\\rtf1\\",
		"half UTF-16":     "\xff\xfea",
		"broken encoding": strings.Repeat("\xc3(\xe2\x82", 1<<16),
	} {
		for _, m := range Text([]byte(src)) {
			valid(t, name, src, m)
		}
	}
}

func valid(t *testing.T, name, src string, m Match) {
	t.Helper()
	if m.Line < 1 || m.EndLine < m.Line || m.EndLine > strings.Count(src, "\n")+strings.Count(src, "\r")+strings.Count(src, "\f")+len(src)/2+2 {
		t.Errorf("%s: lines of %+v", name, m)
	}
	if !(m.Confidence > 0 && m.Confidence <= 1) || math.IsNaN(m.Confidence) {
		t.Errorf("%s: confidence of %+v", name, m)
	}
	if _, ok := rank[m.Kind]; !ok {
		t.Errorf("%s: kind of %+v", name, m)
	}
	if m.SPDX == "" && m.Kind != Pointer {
		t.Errorf("%s: no identifier: %+v", name, m)
	}
	if _, _, err := spdx.Parse(m.SPDX); m.Kind == Notice && err != nil {
		t.Errorf("%s: %q is no expression: %v", name, m.SPDX, err)
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{
		official(f, "MIT"), "Licensed under the EUPL, Version 1.2 or later", "SPDX-License-Identifier: MIT",
		"<html><p>Lizenz: <b>MIT</b>", `{\rtf1\ansi Licence: MIT\par}`, "\xff\xfeM\x00I\x00T\x00", "see LICENSES/MIT.txt",
		"under the terms of the GNU General Public License, version 3", "EUPL © Unie 2007, 2016",
		"https://creativecommons.org/licenses/by/4.0/ license", "non",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		found := Text(src)
		for _, m := range found {
			valid(t, "fuzz", string(src), m)
		}
		if len(found) > maxMatches {
			t.Errorf("%d matches", len(found))
		}
	})
}

func BenchmarkText(b *testing.B) {
	junk := make([]byte, MaxText)
	seed := uint32(1)
	for i := range junk {
		seed = seed*1664525 + 1013904223
		junk[i] = "etaoinshrdlu  \ncmfwyp  gbvk"[seed>>24%27]
	}
	for _, c := range []struct{ name, text string }{
		{"MIT", official(b, "MIT")},
		{"GPL", packed(b, "GPL-3.0")},
		{"junk", string(junk)},
	} {
		b.Run(c.name, func(b *testing.B) {
			Text(nil)
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				Text([]byte(c.text))
			}
		})
	}
}

func BenchmarkUnpack(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := unpack(texts); err != nil {
			b.Fatal(err)
		}
	}
}
