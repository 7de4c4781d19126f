// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	usedText   = regexp.MustCompile(`\.T "([^"]+)"`)
	usedPlural = regexp.MustCompile(`\.N "([^"]+)"`)
	usedInGo   = regexp.MustCompile(`say\(lang, "([^"]+)"|p\.T\("([^"]+)"|\{"(software\.[a-z]+)", `)
	verbs      = regexp.MustCompile(`%[a-z]`)
)

// keys that are put together when a page is made.
var builtKeys = []string{
	"language.de", "language.en",
	"sort.relevance", "sort.name", "sort.updated", "sort.new", "sort.changed", "sort.released", "sort.stars", "sort.used", "sort.adopted",
	"facet.region", "facet.publisher", "facet.licence", "facet.verdict", "facet.status", "facet.category",
	"facet.licenceCategory", "facet.regionKind", "facet.scope", "facet.softwareType", "facet.platform", "facet.language",
	"facet.maintenance", "facet.supports", "facet.sbom", "facet.activity", "facet.forge", "facet.basedOn",
	"regionKind.federal", "regionKind.state", "regionKind.municipal", "regionKind.abroad",
	"activity.recent", "activity.year", "activity.quiet", "activity.archived", "hasSBOM.yes", "hasSBOM.no",
	"list.all", "list.all.one", "list.found", "list.found.one", "list.chosen", "list.chosen.one", "list.why", "list.unwhy",
	"help.phrase", "help.without", "suggest.status", "suggest.status.one",
	"change.added", "change.updated", "change.renamed", "change.removed", "change.restored",
	"reason.repository-gone", "reason.file-gone", "reason.not-catalogued", "reason.other-location", "reason.opted-out", "reason.excluded",
	"changed.url", "changed.generic", "changed.short", "changed.repository", "changed.forgeLicence", "changed.archived", "changed.releases", "changed.stale", "override.title",
	"statistics.reuse", "statistics.sharedBy", "statistics.usedBy", "statistics.entries", "statistics.regions", "statistics.licences", "statistics.verdicts", "statistics.statuses", "statistics.findings",
	"card.match", "card.ambiguous", "card.conflict", "card.missing", "licence.uncompared",
	"categories.title", "categories.lead", "categories.about", "categories.known", "categories.other", "categories.otherLead",
	"categories.unknown", "categories.near", "categories.all", "categories.none",
	"standards.title", "standards.lead", "standards.about", "standards.known", "standards.other", "standards.otherLead",
	"standards.unknown", "standards.near", "standards.all", "standards.none",
	"question.use", "question.service", "question.distribute", "question.combine",
	"situation.use", "situation.service", "situation.distribute", "situation.combine",
	"ask.yes", "ask.conditional", "ask.unknown", "ask.no",
	"evidence.publiccode", "evidence.text", "evidence.notice", "evidence.readme", "evidence.reuse",
	"evidence.licenses-dir", "evidence.forge", "evidence.sbom", "evidence.metadata",
	"state.reference", "state.deprecated", "state.noassertion", "state.none", "state.unknown", "state.modified", "state.invalid", "state.pointer",
	"policy.allowed", "policy.denied", "policy.unknown",
	"check.met", "check.not-met", "check.partly", "check.unknown", "check.impossible",
	"level.must", "level.must-if-exists", "level.must-not", "level.should", "level.may",
	"depends.open", "depends.proprietary", "depends.hardware",
	"origin.bytes", "origin.bytes.one", "badge.listed", "badge.licence", "badge.publiccode", "badge.status", "badge.adoptions",
	"findings.error", "findings.warning", "findings.advice",
	"feed.new", "feed.changes", "feed.releases",
	"family.base", "family.variant", "family.sibling", "family.fork", "family.self", "comparison.unknown", "comparison.tooMany", "comparison.one",
	"duty.imprint", "duty.privacy", "duty.accessibility", "duty.easyLanguage", "duty.signLanguage", "about.contact", "about.data", "about.program",
	"proof.source", "proof.token", "proof.dns", "proof.well-known", "proof.publisher", "seeks.coMaintainers", "seeks.newMaintainer",
	"means.uri", "means.name", "means.acronym", "offer.funds", "offer.builds", "offer.tests",
	"needs.region", "needs.category", "needs.of", "join.region", "join.language", "join.label", "join.software",
	"notfound.title", "notfound.text", "gone.title", "gone.text", "invalid.title", "invalid.text", "failed.title", "failed.text",
}

func usedKeys(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	for _, k := range builtKeys {
		used[k] = true
	}
	read := func(fsys fs.FS, pattern string, uses func(src string)) {
		names, err := fs.Glob(fsys, pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range names {
			src, err := fs.ReadFile(fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			uses(string(src))
		}
	}
	read(templateFiles, "templates/*.html", func(src string) {
		for _, m := range usedText.FindAllStringSubmatch(src, -1) {
			used[m[1]] = true
		}
		for _, m := range usedPlural.FindAllStringSubmatch(src, -1) {
			used[m[1]], used[m[1]+".one"] = true, true
		}
	})
	read(os.DirFS("."), "*.go", func(src string) {
		for _, m := range usedInGo.FindAllStringSubmatch(src, -1) {
			used[m[1]+m[2]+m[3]] = true
		}
	})
	return used
}

func TestTextsAreThereInAllLanguages(t *testing.T) {
	used := usedKeys(t)
	for _, lang := range languages {
		for key := range used {
			if texts[lang][key] == "" {
				t.Errorf("%s: no text for %q", lang, key)
			}
		}
		for key := range texts[lang] {
			if !used[key] {
				t.Errorf("%s: nobody uses %q", lang, key)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(german)) {
		if de, en := verbs.FindAllString(german[key], -1), verbs.FindAllString(english[key], -1); !slices.Equal(de, en) {
			t.Errorf("%s: %v in German, %v in English", key, de, en)
		}
		if german[key] != strings.TrimSpace(german[key]) && key != "list.page" {
			t.Errorf("%s: %q", key, german[key])
		}
	}
}

func TestUnknownTextIsAnError(t *testing.T) {
	if got, err := translate("de", "gibt.es.nicht"); err == nil {
		t.Errorf("got %q", got)
	}
	if got, err := plural("de", "list.count", 1); got != "1 Eintrag" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := plural("en", "list.count", 2500); got != "2,500 entries" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
