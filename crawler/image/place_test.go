// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import (
	"errors"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func TestLocate(t *testing.T) {
	hub := registry.Repository{URL: "https://github.com/muster/fach", DefaultBranch: "main"}
	lab := registry.Repository{URL: "https://gitlab.example.org/amt/team/fach", DefaultBranch: "release/1"}
	berg := registry.Repository{URL: "https://codeberg.org/muster/fach", DefaultBranch: "main"}
	for name, tt := range map[string]struct {
		value, folder string
		repo          registry.Repository
		want          string // paths, or the address
	}{
		"path":                    {"img/logo.png", ".", hub, "img/logo.png"},
		"path with a dot":         {" ./img//logo.png ", ".", hub, "img/logo.png"},
		"path from the root":      {"/img/logo.png", ".", hub, "img/logo.png"},
		"path with a blank":       {"img/das logo.png", ".", hub, "img/das logo.png"},
		"path with a colon":       {"1:2.png", ".", hub, "1:2.png"},
		"path of a part":          {"logo.png", "teil", hub, "logo.png teil/logo.png"},
		"path out of a part":      {"../logo.png", "teil/a", hub, "teil/logo.png"},
		"out of the root":         {"../logo.png", ".", hub, ""},
		"nothing":                 {"  ", ".", hub, ""},
		"the root":                {"./", ".", hub, ""},
		"NUL":                     {"a\x00.png", ".", hub, ""},
		"data":                    {"data:image/png;base64,AAAA", ".", hub, ""},
		"script":                  {"javascript:alert(1)", ".", hub, ""},
		"file":                    {"file:///etc/passwd", ".", hub, ""},
		"no host":                 {"https:///logo.png", ".", hub, ""},
		"endless":                 {"https://example.org/" + strings.Repeat("a", maxValue), ".", hub, ""},
		"address":                 {"https://example.org/a%20b.png?v=1#x", ".", hub, "https://example.org/a%20b.png?v=1"},
		"address with a password": {"https://me:secret@example.org/a.png", ".", hub, "https://example.org/a.png"},
		"GitHub, page":            {"https://GitHub.com/Muster/fach/blob/main/img/das%20logo.png?raw=true", "teil", hub, "img/das logo.png"},
		"GitHub, raw":             {"https://github.com/muster/fach/raw/refs/heads/main/logo.png", ".", hub, "logo.png"},
		"GitHub, raw host":        {"https://raw.githubusercontent.com/muster/fach/main/logo.png", ".", hub, "logo.png"},
		"GitHub, raw host, ref":   {"https://raw.githubusercontent.com/muster/fach/refs/heads/main/logo.png", ".", hub, "logo.png"},
		"GitHub, HEAD":            {"https://github.com/muster/fach/blob/HEAD/logo.png", ".", hub, "logo.png"},
		"GitHub, other branch":    {"https://github.com/muster/fach/blob/dev/logo.png", ".", hub, "https://github.com/muster/fach/raw/dev/logo.png"},
		"GitHub, other one":       {"https://github.com/muster/fach2/blob/main/logo.png", ".", hub, "https://github.com/muster/fach2/raw/main/logo.png"},
		"GitHub, other one's raw": {"https://raw.githubusercontent.com/muster/fach2/main/logo.png", ".", hub, "https://raw.githubusercontent.com/muster/fach2/main/logo.png"},
		"GitHub, owner's picture": {"https://github.com/muster.png", ".", hub, "https://github.com/muster.png"},
		"GitHub, out of it":       {"https://github.com/muster/fach/blob/main/../../x.png", ".", hub, ""},
		"GitHub, branch unknown":  {"https://github.com/muster/fach/blob/main/x.png", ".", registry.Repository{URL: hub.URL}, "https://github.com/muster/fach/raw/main/x.png"},
		"GitLab, page":            {"https://gitlab.example.org/amt/team/fach/-/blob/release/1/logo.png", ".", lab, "logo.png"},
		"GitLab, raw":             {"https://gitlab.example.org/amt/team/fach/-/raw/release/1/logo.png?inline=false", ".", lab, "logo.png"},
		"GitLab, raw as before":   {"https://gitlab.example.org/amt/team/fach/raw/release/1/logo.png", ".", lab, "logo.png"},
		"GitLab, other one":       {"https://gitlab.example.org/amt/x/-/blob/main/l%20o.png", ".", lab, "https://gitlab.example.org/amt/x/-/raw/main/l%20o.png"},
		"Forgejo, page":           {"https://codeberg.org/muster/fach/src/branch/main/logo.png", ".", berg, "logo.png"},
		"Forgejo, raw":            {"https://codeberg.org/muster/fach/raw/branch/main/logo.png", ".", berg, "logo.png"},
		"Forgejo, LFS":            {"https://codeberg.org/muster/fach/media/branch/main/logo.png", ".", berg, "logo.png"},
		"Forgejo, other one":      {"https://codeberg.org/muster/x/src/branch/main/logo.png", ".", berg, "https://codeberg.org/muster/x/raw/branch/main/logo.png"},
		"other port":              {"https://codeberg.org:8443/muster/fach/raw/branch/main/logo.png", ".", berg, "https://codeberg.org:8443/muster/fach/raw/branch/main/logo.png"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Locate(tt.value, tt.folder, tt.repo)
			if (err == nil) != (tt.want != "") || err != nil && !errors.Is(err, registry.ErrInvalid) {
				t.Fatalf("got %v", err)
			}
			if s := strings.Join(got.Paths, " ") + got.Address; s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

func FuzzLocate(f *testing.F) {
	f.Add("https://github.com/muster/fach/blob/main/../x.png", "teil")
	f.Add("../logo.png", ".")
	f.Fuzz(func(t *testing.T, value, folder string) {
		got, err := Locate(value, folder, registry.Repository{URL: "https://github.com/muster/fach", DefaultBranch: "main"})
		if err != nil {
			return
		}
		if (len(got.Paths) > 0) == (got.Address != "") {
			t.Fatalf("got %+v", got)
		}
		for _, p := range got.Paths {
			if strings.HasPrefix(p, "/") || strings.Contains("/"+p+"/", "/../") || strings.Contains(p, "\x00") {
				t.Errorf("path %q", p)
			}
		}
		if got.Address != "" && !strings.HasPrefix(got.Address, "http://") && !strings.HasPrefix(got.Address, "https://") {
			t.Errorf("address %q", got.Address)
		}
	})
}
