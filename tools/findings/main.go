// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command findings writes docs/findings: a page for each kind of finding, and a
// table of them all. Run it from the root of the repository:
//
//	go run ./tools/findings
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
)

func main() {
	out := flag.String("out", filepath.Join("docs", "findings"), "directory to write the pages to")
	flag.Parse()
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, "findings:", err)
		os.Exit(1)
	}
}

// write makes the directory hold the pages and no other.
func write(dir string) error {
	all, err := pages()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := written(dir)
	if err != nil {
		return err
	}
	for _, name := range old {
		if all[name] == nil {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := os.WriteFile(filepath.Join(dir, name), all[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// written are the names of the pages that are there.
func written(dir string) ([]string, error) {
	names, err := fs.Glob(os.DirFS(dir), "*.md")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return names, err
}

// pages are the files of the directory by name.
func pages() (map[string][]byte, error) {
	rules := append(adoption.Rules(), publiccode.Rules()...)
	all := map[string][]byte{}
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "index", rules); err != nil {
		return nil, err
	}
	all["README.md"] = bytes.Clone(b.Bytes())
	for _, r := range rules {
		b.Reset()
		if err := templates.ExecuteTemplate(&b, "rule", r); err != nil {
			return nil, err
		}
		all[r.Code+".md"] = bytes.Clone(b.Bytes())
	}
	return all, nil
}

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"plain":    plain,
	"headline": func(s string) string { return strings.TrimSuffix(plain(s), ".") },
	"severity": func(s publiccode.Severity, lang string) string { return severities[s][lang] },
	"bad":      func(r publiccode.Rule) string { bad, _ := r.Example(); return bad },
	"good":     func(r publiccode.Rule) string { _, good := r.Example(); return good },
}).Parse(layout))

// plain keeps text from being read as Markdown.
var plain = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`, "`", "\\`", "|", `\|`).Replace

var severities = map[publiccode.Severity]map[string]string{
	publiccode.Error:   {"de": "Fehler", "en": "error"},
	publiccode.Warning: {"de": "Warnung", "en": "warning"},
	publiccode.Advice:  {"de": "Hinweis", "en": "advice"},
}

const layout = `{{define "index" -}}
<!-- Written by go run ./tools/findings. -->

# Befunde · Findings

Was ` + "`allmende validate`" + ` meldet (PC bei publiccode.yml und bei YAML, AD bei adoptions.yml und needs.yml), mit Beispiel und Begründung auf einer eigenen Seite.
Ein Code ändert seine Bedeutung nicht. Ein Fehler verletzt den Standard, eine Warnung meint
Veraltetes oder sicher nicht Gewolltes, ein Hinweis, was besser ginge. „…“ steht für das, was ein
Befund beim Namen nennt.

What ` + "`allmende validate`" + ` reports (PC about publiccode.yml and about YAML, AD about adoptions.yml and needs.yml), with an example and the reason on a page of its own. A
code never changes its meaning. An error breaks the standard, a warning is about what is deprecated
or surely not meant, advice is about what could be better. “…” stands for what a finding names.

| Code | Schwere | Befund | Severity | Finding |
| --- | --- | --- | --- | --- |
{{range . -}}
| [{{.Code}}]({{.Code}}.md) | {{severity .Severity "de"}} | {{plain (.Title "de")}} | {{severity .Severity "en"}} | {{plain (.Title "en")}} |
{{end}}{{end}}

{{- define "rule" -}}
<!-- Written by go run ./tools/findings. -->

# {{.Code}}: {{headline (.Title "de")}}

[Alle Befunde](README.md) · [English](#english)

**Schwere:** {{severity .Severity "de"}}

**Was zu tun ist:** {{plain (.Help "de")}}
{{with bad .}}
Falsch:

` + "```yaml\n{{.}}```" + `

Richtig:

` + "```yaml\n{{good $}}```" + `
{{end}}{{with .Background "de"}}
**Hintergrund:** {{plain .}}
{{end}}
**Grundlage:** <{{.Standard}}>

---

## English

**{{.Code}}: {{plain (.Title "en")}}**

**Severity:** {{severity .Severity "en"}}

**What to do:** {{plain (.Help "en")}}
{{with bad .}}
Wrong:

` + "```yaml\n{{.}}```" + `

Right:

` + "```yaml\n{{good $}}```" + `
{{end}}{{with .Background "en"}}
**Background:** {{plain .}}
{{end}}
**It rests on:** <{{.Standard}}>
{{end}}`
