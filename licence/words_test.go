// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"strings"
	"testing"
)

// check reports a text that is missing, half filled or the same in both
// languages where it should not be.
func check(t *testing.T, what string, b Bilingual) {
	t.Helper()
	if strings.TrimSpace(b.DE) == "" || strings.TrimSpace(b.EN) == "" {
		t.Errorf("%s: a language is missing: %+v", what, b)
	}
	for _, s := range []string{b.DE, b.EN} {
		if strings.Contains(s, "%!") || strings.Contains(s, "%s") || strings.Contains(s, "%[") {
			t.Errorf("%s is not filled in: %q", what, s)
		}
	}
	if b.DE == b.EN && strings.Contains(b.DE, ".") {
		t.Errorf("%s is not translated: %q", what, b.DE)
	}
}

func TestTagsHaveWords(t *testing.T) {
	used := map[Tag]bool{}
	for _, l := range facts().licences {
		for kind, ids := range map[string][]string{Permission: l.Permissions, Condition: l.Conditions, Limitation: l.Limitations} {
			for _, id := range ids {
				used[Tag{id, kind}] = true
			}
		}
	}
	if len(used) != 17 {
		t.Errorf("%d tags are used, want 17", len(used))
	}
	for tag := range used {
		for _, lang := range []string{"de", "en"} {
			if label, sentence := tag.Words(lang); label == "" || !strings.HasSuffix(sentence, ".") {
				t.Errorf("%+v has no words in %q: %q, %q", tag, lang, label, sentence)
			}
		}
		check(t, tag.code(), tagWords[tag].text)
	}
	if label, sentence := (Tag{"no-such", Condition}).Words("de"); label != "" || sentence != "" {
		t.Errorf("an unknown tag has words: %q, %q", label, sentence)
	}
}

func TestEveryConditionBearsOnASituation(t *testing.T) {
	bears := map[string]bool{}
	for _, s := range situations {
		for _, id := range s.tags {
			bears[id] = true
		}
	}
	for tag := range tagWords {
		if tag.Kind == Condition && !bears[tag.ID] {
			t.Errorf("no situation speaks of %s", tag.ID)
		}
	}
}

func TestCategoriesHaveWords(t *testing.T) {
	for _, c := range categoryOrder {
		label, sentence := c.Words("de")
		if label == "" || sentence == "" {
			t.Errorf("%s has no words", c)
		}
		check(t, string(c), categoryWords[c].label)
		check(t, string(c), categoryWords[c].text)
	}
	for _, a := range []Answer{Yes, No, Unknown} {
		if a.Words("de") == "" || a.Words("de") == a.Words("en") {
			t.Errorf("%s has no words", a)
		}
	}
}

// A rule that names no licence is a slip of the pen.
func TestRulesNameLicences(t *testing.T) {
	for i, r := range rules {
		check(t, r.code, r.label)
		check(t, r.code, r.text)
		for _, pattern := range r.licences {
			found := false
			for _, l := range facts().licences {
				prefix, open := strings.CutSuffix(pattern, "*")
				found = found || l.ID == pattern || open && strings.HasPrefix(l.ID, prefix)
			}
			if !found {
				t.Errorf("rule %d: %q is no licence of the list", i, pattern)
			}
		}
	}
}
