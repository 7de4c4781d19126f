// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"strings"
	"testing"
)

func TestRepositoryURL(t *testing.T) {
	for in, want := range map[string]string{
		"git@git.example.org:stadt/keller.git":                    "https://git.example.org/stadt/keller",
		"git.example.org:stadt/keller":                            "https://git.example.org/stadt/keller",
		"ssh://git@git.example.org:2222/stadt/keller.git":         "https://git.example.org/stadt/keller",
		"https://ada:geheim@git.example.org/stadt/keller.git":     "https://git.example.org/stadt/keller",
		"https://geheim@git.example.org:8443/stadt/keller/":       "https://git.example.org:8443/stadt/keller",
		"https://git.example.org/stadt/keller?private_token=abc#": "https://git.example.org/stadt/keller",
		"git+ssh://git@git.example.org/stadt/keller.git":          "https://git.example.org/stadt/keller",
		"git://git.example.org/stadt/keller.git":                  "https://git.example.org/stadt/keller",
		"scm:git:https://git.example.org/stadt/keller.git":        "https://git.example.org/stadt/keller",
		"http://git.example.org/stadt/keller":                     "http://git.example.org/stadt/keller",
		"HTTPS://GIT.Example.org/Stadt/Keller":                    "https://git.example.org/Stadt/Keller",
		"github:stadt/keller":                                     "https://github.com/stadt/keller",
		"gitlab:stadt/keller":                                     "https://gitlab.com/stadt/keller",
		"stadt/keller":                                            "https://github.com/stadt/keller",
		"https://git.example.org":                                 "",
		"/srv/git/keller.git":                                     "",
		"file:///srv/git/keller.git":                              "",
		"../keller":                                               "",
		"http://localhost:3000/stadt/keller":                      "",
		"work:stadt/keller.git":                                   "", // a name of the ssh configuration
		"javascript:alert(1)":                                     "",
		"https://git.example.org\u202e/stadt/keller":              "https://git.example.org/stadt/keller",
		"": "",
	} {
		if got := repositoryURL(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestURL(t *testing.T) {
	const config = "[remote \"origin\"]\n\turl = https://oauth2:geheim@git.example.org/stadt/keller.git\n"
	d := FromRepository(repo(".git/config", config), "")
	if v := d.values["url"]; v.Text() != "https://git.example.org/stadt/keller" || v.Confidence != Certain {
		t.Errorf("%+v", v)
	}
	if src := string(d.YAML("de")); strings.Contains(src, "geheim") {
		t.Errorf("a password is in the file:\n%s", src)
	}

	d = FromRepository(repo(".git/config", config, "package.json", `{"repository": "https://git.example.org/haus/keller"}`), "")
	v := d.values["url"]
	if v.Text() != "https://git.example.org/stadt/keller" || v.Confidence != Guess || len(v.Others) != 1 || v.Others[0].Text != "https://git.example.org/haus/keller" {
		t.Errorf("%+v", v)
	}
	if src := string(d.YAML("de")); !strings.Contains(src, "# Widerspruch: package.json sagt: https://git.example.org/haus/keller\n") {
		t.Errorf("the contradiction is not named:\n%s", src)
	}
}
