// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

func BenchmarkParse(b *testing.B) { benchmark(b, base) }

// BenchmarkYAML reads the same file with the YAML library alone, which is what
// Parse cannot be faster than.
func BenchmarkYAML(b *testing.B) {
	b.SetBytes(int64(len(base)))
	b.ReportAllocs()
	for b.Loop() {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(base), &n); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFix mends a file with many findings and takes it to the newest
// version.
func BenchmarkFix(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Fix([]byte(legacy), FixOptions{})
	}
}

// BenchmarkParseCorpus parses real files, where a collection of them lies beside
// the repository; the figures are for a file.
func BenchmarkParseCorpus(b *testing.B) {
	files, _ := filepath.Glob("../../shared/corpus/forge/*/*/*/publiccode.y*ml")
	var sources [][]byte
	size := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		if Parse(src, Options{}).Valid() {
			sources = append(sources, src)
			size += len(src)
		}
	}
	if len(sources) == 0 {
		b.Skip("no corpus beside the repository")
	}
	b.ReportAllocs()
	b.SetBytes(int64(size / len(sources)))
	i := 0
	for b.Loop() {
		Parse(sources[i%len(sources)], Options{})
		i++
	}
}

// BenchmarkSize shows that time and memory grow with the size of a file and no
// faster.
func BenchmarkSize(b *testing.B) {
	for _, size := range []int{4 << 10, 32 << 10, 256 << 10, MaxSize} {
		prose := strings.Replace(base, "longDescription: >\n", "longDescription: >\n"+strings.Repeat("      Ein Satz wie viele andere.\n", (size-len(base))/33), 1)
		b.Run(fmt.Sprintf("prose/%dKiB", size>>10), func(b *testing.B) { benchmark(b, prose) })
		var keys strings.Builder
		keys.WriteString(base)
		for i := 0; keys.Len() < min(size, 700<<10); i++ {
			fmt.Fprintf(&keys, "x-key-%06d: value\n", i)
		}
		b.Run(fmt.Sprintf("keys/%dKiB", keys.Len()>>10), func(b *testing.B) { benchmark(b, keys.String()) })
	}
}

// BenchmarkHostile refuses what is made to cost.
func BenchmarkHostile(b *testing.B) {
	var wrong strings.Builder
	wrong.WriteString(strings.Replace(base, "categories:\n", "categories:\n"+strings.Repeat("  - fahrradverwaltung\n", 12_000), 1))
	for _, c := range []struct{ name, src string }{
		{"nesting/10MiB", strings.Repeat("[", 10<<20)},
		{"nesting/1MiB", strings.Repeat("[", MaxSize)},
		{"nesting/block", strings.Repeat("- ", 40_000)},
		{"line/1MiB", "name: \"" + strings.Repeat("ü", MaxSize/2-10) + "\""},
		{"wrong/12000", wrong.String()},
		{"flow/6000", "{" + strings.Repeat("farbe: [blau, grün], ", 6_000) + "}"},
		{"broken/64KiB", strings.Repeat("a: b: c\n", 8<<10)},
	} {
		b.Run(c.name, func(b *testing.B) { benchmark(b, c.src) })
	}
}

func benchmark(b *testing.B, src string) {
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		Parse([]byte(src), Options{})
	}
}
