// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"slices"
	"strconv"
	"strings"
)

// minor is the second number of a version of the standard: 5 for "0.5".
type minor int

const (
	draft   minor = 1 // before the first release
	oldest  minor = 2
	newest  minor = 7
	preview minor = 100 // 1.0, not published yet
)

func (m minor) String() string {
	if m == preview {
		return Preview
	}
	return "0." + strconv.Itoa(int(m))
}

// versionState says how a declared version was understood.
type versionState int

const (
	versionKnown versionState = iota
	versionMajor              // "0": no more than the major version
	versionDraft
	versionPreview
	versionUnknown
)

// parseVersion understands the value of publiccodeYmlVersion. The minor
// version returned is the one to check against, the nearest known one where
// the declared one is not known.
func parseVersion(s string) (minor, versionState) {
	switch s {
	case "0":
		return newest, versionMajor
	case "0.1", "0.1.0", "http://w3id.org/publiccode/version/0.1", "https://w3id.org/publiccode/version/0.1":
		return draft, versionDraft
	case "1", "1.0", "1.0.0":
		return preview, versionPreview
	}
	core, _, _ := strings.Cut(strings.TrimPrefix(s, "v"), "-")
	parts := strings.Split(core, ".")
	numbers := make([]int, 0, 3)
	for _, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return newest, versionUnknown
		}
		numbers = append(numbers, n)
	}
	if numbers[0] != 0 || len(numbers) < 2 {
		return newest, versionUnknown
	}
	m := min(max(minor(min(numbers[1], 1000)), oldest), newest)
	if core != s || !slices.Contains(Versions, parts[0]+"."+parts[1]) || len(parts) > 2 && !slices.Contains(m.patches(), strings.Join(parts[2:], ".")) {
		return m, versionUnknown
	}
	return m, versionKnown
}

// patches are the third numbers that releases of a version had: 0.2.2 was the
// last release with another than 0.
func (m minor) patches() []string {
	if m == 2 {
		return []string{"0", "1", "2"}
	}
	return []string{"0"}
}
