// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// join makes the path of a key.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// isEmpty reports a value that says nothing: null, "", [] or {}.
func isEmpty(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode {
		return n.ShortTag() == "!!null" || strings.TrimSpace(n.Value) == ""
	}
	return len(n.Content) == 0
}

// isPlain reports a scalar without quotation marks, block indicator or tag.
func isPlain(n *yaml.Node) bool {
	return n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle|yaml.TaggedStyle) == 0
}

// kindWords names what a node is, in German and English.
func kindWords(n *yaml.Node) (de, en string) {
	switch n.Kind {
	case yaml.MappingNode:
		return "ein Abschnitt", "a section"
	case yaml.SequenceNode:
		return "eine Liste", "a list"
	}
	return "ein einzelner Wert", "a single value"
}

// oneLine makes one line of a text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// clean is oneLine without characters that show nothing: controls, zero-width
// characters, those that turn the direction of writing.
func clean(s string) string {
	hidden := func(c rune) bool {
		return unicode.IsControl(c) && !unicode.IsSpace(c) || unicode.Is(unicode.Cf, c)
	}
	if strings.ContainsFunc(s, hidden) || !utf8.ValidString(s) {
		s = strings.Map(func(c rune) rune {
			if hidden(c) {
				return -1
			}
			return c
		}, strings.ToValidUTF8(s, ""))
	}
	return oneLine(s)
}

func characters(s string) int { return utf8.RuneCountInString(s) }
