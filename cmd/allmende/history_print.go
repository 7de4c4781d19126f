// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// historyWords are the words around the values of a history.
type historyWords struct {
	kinds                                  map[registry.Kind]string
	reasons                                map[registry.Reason]string
	revision, from, nothing, more, earlier string
	none, equal                            string
}

var historyTexts = map[string]historyWords{
	"de": {
		kinds: map[registry.Kind]string{
			registry.Added: "aufgenommen", registry.Updated: "geändert", registry.Renamed: "umbenannt",
			registry.Removed: "entfernt", registry.Restored: "wieder aufgenommen",
		},
		reasons: map[registry.Reason]string{
			registry.RepositoryGone: "Das Repository gibt es dort nicht mehr.",
			registry.FileGone:       "Das Repository hat keine publiccode.yml mehr.",
			registry.NotCatalogued:  "Das Repository zählt nicht mehr als eigener Eintrag.",
			registry.Merged:         "Das Repository ist jetzt ein weiterer Ort eines anderen Eintrags.",
			registry.Declined:       "Das Repository bittet darum, nicht aufgeführt zu werden.",
			registry.LeftOut:        "Der Betrieb des Katalogs hat das Repository ausgenommen.",
		},
		revision: "Revision", from: "vorher %s", nothing: "Kein Unterschied.", more: "%s und %d weitere",
		earlier: "Frühere Stände sind nicht aufbewahrt.", none: "(nichts)", equal: "der ganze Eintrag",
	},
	"en": {
		kinds: map[registry.Kind]string{
			registry.Added: "added", registry.Updated: "changed", registry.Renamed: "renamed",
			registry.Removed: "removed", registry.Restored: "restored",
		},
		reasons: map[registry.Reason]string{
			registry.RepositoryGone: "The repository is no longer there.",
			registry.FileGone:       "The repository has no publiccode.yml any more.",
			registry.NotCatalogued:  "The repository no longer counts as an entry of its own.",
			registry.Merged:         "The repository is another location of another entry now.",
			registry.Declined:       "The repository asks not to be listed.",
			registry.LeftOut:        "Those who run the catalogue have excluded the repository.",
		},
		revision: "revision", from: "formerly %s", nothing: "No difference.", more: "%s and %d more",
		earlier: "Earlier states are not kept.", none: "(nothing)", equal: "the whole entry",
	},
}

func (h entryHistory) print(out io.Writer, lang string) {
	say := historyTexts[lang]
	fmt.Fprintln(out, h.ID)
	for _, r := range h.Revisions {
		fmt.Fprintf(out, "\n%s  %s %d  %s", r.Time.UTC().Format(time.RFC3339), say.revision, r.Rev, say.kinds[r.Kind])
		if r.From != "" {
			fmt.Fprintf(out, ", "+say.from, r.From)
		}
		if r.Reason != "" {
			fmt.Fprintf(out, ": %s", cmp.Or(say.reasons[r.Reason], printable(string(r.Reason))))
		}
		fmt.Fprintln(out)
		if len(r.Differences) > 0 {
			printDifferences(out, r.Differences, lang)
		}
	}
	if first := h.Revisions[len(h.Revisions)-1]; first.Kind != registry.Added {
		fmt.Fprintf(out, "\n%s\n", say.earlier)
	}
}

// printDifferences writes each change of values once: a new commit is the same
// one in all the files.
func printDifferences(out io.Writer, differences []registry.Difference, lang string) {
	say := historyTexts[lang]
	if len(differences) == 0 {
		fmt.Fprintln(out, say.nothing)
	}
	type values struct{ before, after string }
	times := map[values]int{}
	of := func(d registry.Difference) values { return values{string(d.Old), string(d.New)} }
	for _, d := range differences {
		times[of(d)]++
	}
	for _, d := range differences {
		n := times[of(d)]
		if n == 0 {
			continue // written already
		}
		times[of(d)] = 0
		path := cmp.Or(shortened(d.Path), say.equal)
		if n > 1 {
			path = fmt.Sprintf(say.more, path, n-1)
		}
		fmt.Fprintf(out, "  %s: %s → %s\n", path, cmp.Or(readable(d.Old), say.none), cmp.Or(readable(d.New), say.none))
	}
}

// readable is JSON as people read it: without escapes of <, > and &.
func readable(b json.RawMessage) string {
	var text string
	if json.Unmarshal(b, &text) == nil && len(b) > 0 && b[0] == '"' {
		return `"` + shortened(text) + `"`
	}
	var short bytes.Buffer
	if json.Compact(&short, b) != nil {
		return ""
	}
	return shortened(short.String())
}

// maxShown is how many characters of a value are shown; JSON has all.
const maxShown = 160

func shortened(s string) string {
	if runes := []rune(s); len(runes) > maxShown {
		s = string(runes[:maxShown]) + "…"
	}
	return printable(s)
}
