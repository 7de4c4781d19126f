// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import (
	"regexp"
	"strings"
)

// This is no reader of CSS: what is not plain is left out, and what is kept is
// written anew, so that it does not matter how a browser reads the rest.

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/`)
	// wrapping hides a stylesheet from browsers of the last century.
	wrapping = strings.NewReplacer("<!--", " ", "-->", " ")
	selector = regexp.MustCompile(`^[\p{L}\p{N}\s_.#*,>+~:-]+$`)
	// value may have quoted texts, but neither escapes nor what ends a
	// declaration.
	value    = regexp.MustCompile(`^(?:[^"'\\<>@{};]|"[^"'\\<>@{};]*"|'[^"'\\<>@{};]*')*$`)
	localURL = regexp.MustCompile(`(?i:url)\(\s*(?:#[^\s"'<>()\\]+|"#[^\s"'<>()\\]+"|'#[^\s"'<>()\\]+')\s*\)`)
	function = regexp.MustCompile(`([\w-]*)\s*\(`)
)

// isHarmless reports a value that calls nothing but the known functions and
// addresses nothing but elements of the drawing.
func isHarmless(v string) bool {
	if !strings.ContainsAny(v, `(\"'<>@{};/`) {
		return true // as are the long ones, which are coordinates
	}
	if !value.MatchString(v) || strings.Contains(v, "/*") {
		return false
	}
	for _, f := range function.FindAllStringSubmatch(localURL.ReplaceAllString(v, " "), -1) {
		if !functions[strings.ToLower(f[1])] {
			return false
		}
	}
	return true
}

// cleanDeclarations keeps the harmless ones of known properties.
func cleanDeclarations(css string) string {
	var kept []string
	for d := range strings.SplitSeq(comments.ReplaceAllString(css, " "), ";") {
		name, v, _ := strings.Cut(d, ":")
		name, v = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(v)
		if v != "" && properties[name] && isHarmless(v) {
			kept = append(kept, name+":"+v)
		}
	}
	return strings.Join(kept, ";")
}

// cleanStylesheet keeps plain rules; what begins with @ goes with all that it
// holds.
func cleanStylesheet(css string) string {
	css = wrapping.Replace(comments.ReplaceAllString(css, " "))
	var out strings.Builder
	for {
		before, after, ok := strings.Cut(css, "{")
		if !ok {
			return out.String()
		}
		// A statement such as @import ends at its semicolon.
		name := strings.TrimSpace(before[strings.LastIndex(before, ";")+1:])
		body, rest := block(after)
		if declarations := cleanDeclarations(body); declarations != "" && !strings.Contains(body, "{") && selector.MatchString(name) {
			out.WriteString(name + "{" + declarations + "}")
		}
		css = rest
	}
}

// block splits what follows an opening brace at the one that closes it.
func block(css string) (body, rest string) {
	depth := 1
	for i := range len(css) {
		switch css[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			return css[:i], css[i+1:]
		}
	}
	return css, ""
}
