// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"regexp"
	"strings"
	"time"
)

// released is the heading of an entry as https://keepachangelog.com has it:
// ## [1.2.0] - 2024-05-06, also without the brackets or with a link.
var released = regexp.MustCompile(`^##? \[?v?(\d+(?:\.\d+){1,3}(?:-[0-9A-Za-z.-]+)?)\]?(?:\([^)]*\))?(?:\s+[-–—]?\s*\(?(\d{4}-\d{2}-\d{2})\)?)?`)

// newestChange reads version and date of the newest entry of the changelog.
func newestChange(r *repository) (version, date, source string) {
	for _, name := range []string{"CHANGELOG.md", "CHANGELOG", "Changelog.md", "changelog.md", "CHANGES.md"} {
		if r.first(name) == "" {
			continue
		}
		for line := range strings.Lines(string(r.read(name))) {
			m := released.FindStringSubmatch(strings.TrimSpace(line))
			if m == nil || len(m[1]) > 40 {
				continue
			}
			if !isDate(m[2]) {
				m[2] = ""
			}
			return m[1], m[2], name
		}
	}
	return "", "", ""
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
