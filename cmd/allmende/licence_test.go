// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestLicence(t *testing.T) {
	policy := write(t, "policy.yml", "id: stadt\nname: {de: Stadt, en: Town}\nallow: [permissive]\ndeny: [JSON]\n")
	bad := write(t, "policy.yml", "id: stadt\nname: Stadt\nallow: [MITT]\n")
	notice := write(t, "main.go", "// SPDX-License-"+"Identifier: EUPL-1.2\n")
	prose := write(t, "README", "Eine Anwendung für die Wahl.\n")
	for name, tt := range map[string]struct {
		args string // with ; between them
		code int
		want string
	}{
		"nothing":             {"", 0, "compatible"},
		"unknown question":    {"exlain;MIT", 2, "exlain"},
		"explain":             {"explain;--lang;en;MIT", 0, "no legal advice"},
		"explain in German":   {"explain;--lang;de;EUPL-1.2", 0, "keine Rechtsberatung"},
		"explain a choice":    {"explain;--lang;en;MIT;OR;GPL-2.0-only", 0, "Choice 2: GPL-2.0-only"},
		"explain nothing":     {"explain", 2, "at least one licence"},
		"explain no licence":  {"explain;--lang;de;Mitt", 2, "Mitt"},
		"explain language":    {"explain;--lang;fr;MIT", 2, "fr"},
		"yes":                 {"compatible;--lang;en;--into;EUPL-1.2;MIT", 0, "MIT > EUPL-1.2: yes. By the OSADL matrix"},
		"attribution":         {"compatible;--lang;en;--into;EUPL-1.2;MIT", 0, "[osadl] © 2017-2026 Open Source Automation Development Lab"},
		"conditions":          {"compatible;--lang;de;--situation;service;AGPL-3.0-only", 0, "unter Bedingungen"},
		"no":                  {"compatible;--lang;de;--into;EUPL-1.2;AGPL-3.0-only", 1, "Nein"},
		"unknown":             {"compatible;--lang;de;--into;EUPL-1.2;LicenseRef-x", 1, "Ungeklärt"},
		"which":               {"compatible;--lang;en;MIT;EUPL-1.2", 0, "the whole may be under EUPL-1.2"},
		"not chosen":          {"compatible;--lang;en;--into;EUPL-1.2;MIT OR AGPL-3.0-only", 0, "o AGPL-3.0-only > EUPL-1.2: no"},
		"unknown situation":   {"compatible;--situation;sell;MIT", 2, `"sell"`},
		"no expression":       {"compatible;--lang;en;--into;EUPL-1.2;Mitt", 2, "Mitt"},
		"no whole":            {"compatible;--into;Mitt;MIT", 2, "Mitt"},
		"allowed":             {"check;--lang;en;--policy;osi;MIT;SSPL-1.0 OR EUPL-1.2", 0, "SSPL-1.0 OR EUPL-1.2: allowed"},
		"denied":              {"check;--lang;de;--policy;osi;MIT;SSPL-1.0", 1, "SSPL-1.0: ausgeschlossen"},
		"undecided":           {"check;--lang;en;--policy;opencode;CC-BY-4.0", 1, "CC-BY-4.0: unknown"},
		"own policy":          {"check;--lang;en;--policy;" + policy + ";MIT", 0, "Town"},
		"denied by it":        {"check;--lang;de;--policy;" + policy + ";JSON", 1, "JSON: ausgeschlossen"},
		"mistake in a policy": {"check;--policy;" + bad + ";MIT", 2, "line 3: allow[0]"},
		"no policy":           {"check;MIT", 2, "--policy"},
		"missing policy":      {"check;--policy;/does/not/exist;MIT", 2, "opencode"},
		"check nothing":       {"check;--policy;osi", 2, "at least one licence"},
		"detect":              {"detect;--lang;en;" + notice, 0, "EUPL-1.2 (notice of the licence"},
		"detect a text":       {"detect;--lang;de;../../LICENSE", 0, "EUPL-1.2 (Lizenztext"},
		"detect none":         {"detect;--lang;en;" + notice + ";" + prose, 1, "nothing recognised"},
		"detect no file":      {"detect;/does/not/exist", 2, "/does/not/exist"},
		"detect nothing":      {"detect", 2, "at least one file"},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{"licence"}
			if tt.args != "" {
				args = append(args, strings.Split(tt.args, ";")...)
			}
			out, errs, code := command(t, args...)
			if code != tt.code || !strings.Contains(out+errs, tt.want) {
				t.Errorf("exit code %d, want %d, with %q in\n%s%s", code, tt.code, tt.want, out, errs)
			}
		})
	}
}

func TestLicenceJSON(t *testing.T) {
	notice := write(t, "main.go", "// SPDX-License-"+"Identifier: EUPL-1.2\n")
	for _, tt := range []struct {
		args []string
		code int
		want map[string]any // members of the object
	}{
		{[]string{"explain", "MIT"}, 0, map[string]any{"expression": "MIT"}},
		{[]string{"compatible", "--into", "EUPL-1.2", "agpl-3.0-only"}, 1, map[string]any{"verdict": "no", "into": "EUPL-1.2"}},
		{[]string{"check", "--policy", "osi", "MIT"}, 0, map[string]any{"judgements": []any{map[string]any{
			"policy": "osi", "expression": "MIT", "state": "allowed", "chosen": []any{"MIT"},
			"reasons": []any{map[string]any{"de": "Die Open Source Initiative hat MIT anerkannt.", "en": "The Open Source Initiative has approved MIT."}},
		}}}},
		{[]string{"detect", notice}, 0, map[string]any{"files": []any{map[string]any{"path": notice, "matches": []any{map[string]any{
			"spdx": "EUPL-1.2", "kind": "notice", "confidence": 1.0, "line": 1.0, "endLine": 1.0,
		}}}}}},
	} {
		t.Run(tt.args[0], func(t *testing.T) {
			out, errs, code := command(t, append([]string{"licence", tt.args[0], "--json"}, tt.args[1:]...)...)
			var got map[string]any
			if err := json.Unmarshal([]byte(out), &got); err != nil || code != tt.code {
				t.Fatalf("exit code %d, %v: %s%s", code, err, out, errs)
			}
			for key, value := range tt.want {
				if !reflect.DeepEqual(got[key], value) {
					t.Errorf("%s: %v, want %v", key, got[key], value)
				}
			}
		})
	}
}
