// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func TestEveryLicenceReasonHasWords(t *testing.T) {
	args := []string{"eins", "zwei", "drei", "vier"}
	for _, code := range registry.LicenceReasons() {
		r := registry.LicenceReason{Code: code, Args: args}
		de, deAdvice := r.Wording("de")
		en, enAdvice := r.Wording("en")
		if de == "" || en == "" || de == en {
			t.Errorf("%s: %q, %q", code, de, en)
		}
		if (deAdvice == "") != (enAdvice == "") {
			t.Errorf("%s has advice in one language only", code)
		}
		for _, s := range []string{de, en, deAdvice, enAdvice} {
			if strings.ContainsAny(s, "{}") {
				t.Errorf("%s: a place is left open: %s", code, s)
			}
		}
		// Both languages say the same of the same arguments.
		for _, arg := range args {
			if strings.Contains(de, arg) != strings.Contains(en, arg) {
				t.Errorf("%s: only one language tells %s", code, arg)
			}
		}
		for n := range args { // too few arguments are no panic
			if s, _ := (registry.LicenceReason{Code: code, Args: args[:n]}).Wording("de"); s == "" {
				t.Errorf("%s with %d arguments says nothing", code, n)
			}
		}
	}
	if s, advice := (registry.LicenceReason{Code: "unheard-of"}).Wording("de"); s+advice != "" {
		t.Errorf("an unknown code says %q %q", s, advice)
	}
}

func TestLicenceReasonWording(t *testing.T) {
	r := registry.LicenceReason{Code: registry.ReasonAgree, Args: []string{"EUPL-1.2", "LICENSE", "LICENSE.de", "LICENSES/EUPL-1.2.txt"}}
	if got, _ := r.Wording("de"); got != "Die publiccode.yml nennt EUPL-1.2, und der Lizenztext im Repository passt dazu (LICENSE, LICENSE.de und LICENSES/EUPL-1.2.txt)." {
		t.Error(got)
	}
	if got, _ := r.Wording("en"); got != "The publiccode.yml names EUPL-1.2, and the licence text in the repository agrees with that (LICENSE, LICENSE.de and LICENSES/EUPL-1.2.txt)." {
		t.Error(got)
	}
	// What an argument holds is not filled in again.
	r = registry.LicenceReason{Code: registry.ReasonTextDiffers, Args: []string{"{2}", "{3}", "LICENSE"}}
	if got, _ := r.Wording("en"); got != "Going by the publiccode.yml {2} applies, going by LICENSE it is {3}." {
		t.Error(got)
	}
}

func TestEveryLicenceVerdictHasWords(t *testing.T) {
	for _, v := range registry.LicenceVerdicts() {
		if de, en := v.Wording("de"), v.Wording("en"); de == "" || en == "" || de == en {
			t.Errorf("%s: %q, %q", v, de, en)
		}
	}
	if registry.LicenceVerdict("unheard-of").Wording("en") != "" {
		t.Error("a verdict that there is not has words")
	}
}

func TestIssueText(t *testing.T) {
	conflict := &registry.Software{Licence: &registry.LicenceReport{
		Verdict:  registry.LicenceConflict,
		Declared: &registry.LicenceEvidence{Source: registry.FromPublicCode, SPDX: "AGPL-3.0-only", Path: "publiccode.yml"},
		Detected: []registry.LicenceEvidence{{Source: registry.FromText, SPDX: "EUPL-1.2", Path: "docs|`x`\nLICENSE"}},
		Forge:    &registry.LicenceEvidence{Source: registry.FromForge, Written: "other"},
		Reasons: []registry.LicenceReason{
			{Code: registry.ReasonTextDiffers, Args: []string{"AGPL-3.0-only", "EUPL-1.2", "docs|`x`\nLICENSE"}},
			{Code: registry.ReasonForgeDiffers, Args: []string{"EUPL-1.2", "AGPL-3.0-only"}},
		},
	}}
	for lang, want := range map[string][]string{
		"de": {"Guten Tag", "Was Sie tun können", "keine Rechtsberatung", "Plattform"},
		"en": {"Hello", "What you can do", "no legal advice", "forge"},
	} {
		title, body := registry.IssueText(conflict, lang)
		if title == "" {
			t.Errorf("%s: no title", lang)
		}
		for _, w := range append(want, "`AGPL-3.0-only`", "`EUPL-1.2`", "``docs|`x` LICENSE``", "docs\\|`x` LICENSE") {
			if !strings.Contains(body, w) {
				t.Errorf("%s: no %q in\n%s", lang, w, body)
			}
		}
	}
	// A reason that the maintainer can do nothing about is not in it.
	if _, body := registry.IssueText(conflict, "en"); strings.Contains(body, "often inexact") {
		t.Errorf("the forge's error is the maintainer's:\n%s", body)
	}

	for name, s := range map[string]*registry.Software{
		"nil":         nil,
		"no report":   {},
		"all right":   {Licence: &registry.LicenceReport{Verdict: registry.LicenceMatch, Reasons: []registry.LicenceReason{{Code: registry.ReasonAgree, Args: []string{"MIT", "LICENSE"}}}}},
		"unknown one": {Licence: &registry.LicenceReport{Reasons: []registry.LicenceReason{{Code: "unheard-of"}}}},
	} {
		if title, body := registry.IssueText(s, "de"); title+body != "" {
			t.Errorf("%s: %q %q", name, title, body)
		}
	}
}
