// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"regexp"
	"strings"
	"testing"
)

var (
	definedProperty  = regexp.MustCompile(`(--[\w-]+)\s*:`)
	referredProperty = regexp.MustCompile(`var\(\s*(--[\w-]+)\s*\)`)
	referredFile     = regexp.MustCompile(`url\(([^)]*)\)`)
	cssComment       = regexp.MustCompile(`(?s)/\*.*?\*/`)
)

// The style sheet names no property that neither KERN's part nor ours defines
// (run assets/vendor.sh after using another one of KERN's), and no file but
// those beside it.
func TestStyleSheetIsWhole(t *testing.T) {
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	css := cssComment.ReplaceAllString(string(a.files[a.names["site.css"]].content), "")
	defined := map[string]bool{}
	for _, m := range definedProperty.FindAllStringSubmatch(css, -1) {
		defined[m[1]] = true
	}
	for _, m := range referredProperty.FindAllStringSubmatch(css, -1) {
		if !defined[m[1]] {
			t.Errorf("%s is not defined", m[1])
		}
	}
	files := referredFile.FindAllStringSubmatch(css, -1)
	if len(files) < 4 {
		t.Errorf("only %d files named: fonts are missing", len(files))
	}
	for _, m := range files {
		if _, ok := a.files[strings.Trim(m[1], `"`)]; !ok {
			t.Errorf("names %s, which is not there", m[1])
		}
	}
	if strings.Contains(css, "@import") || len(css) > 110<<10 {
		t.Errorf("%d bytes of CSS, or an import", len(css))
	}
}

func TestAssetNamesFollowTheirContent(t *testing.T) {
	a := &assets{names: map[string]string{}, files: map[string]asset{}}
	a.add("x.css", []byte("a"))
	first := a.names["x.css"]
	a.add("x.css", []byte("b"))
	if first == a.names["x.css"] || !strings.HasPrefix(first, "x.") || !strings.HasSuffix(first, ".css") {
		t.Errorf("%s, then %s", first, a.names["x.css"])
	}
	if got, err := a.path("y.css"); err == nil {
		t.Errorf("a file that is not there is at %s", got)
	}
}
