// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"fmt"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// proseWidth is the length in bytes from which a text is written as a block of
// several lines, and that of the lines.
const proseWidth = 80

// written is a scalar as it shall stand behind a key or dash that is indented
// by a number of blanks: in the given style where that can be, else without
// quotation marks where that is safe.
func (l *layout) written(n *yaml.Node, indent int, flow bool, style yaml.Style) string {
	s := n.Value
	if n.Tag == "!!bool" || n.Tag == "!!timestamp" && style == 0 {
		return s
	}
	block := style & (yaml.LiteralStyle | yaml.FoldedStyle)
	if block == 0 && style == 0 && !flow {
		switch {
		case strings.Contains(s, "\n"):
			block = yaml.LiteralStyle
		case len(s) > proseWidth && strings.Contains(s, " "):
			block = yaml.FoldedStyle
		}
	}
	if block != 0 && blockSafe(s) {
		if block == yaml.FoldedStyle && !strings.Contains(s, "\n") {
			return ">-" + l.wrapped(s, indent+l.step)
		}
		return l.literal(s, indent+l.step)
	}
	switch {
	case style&yaml.SingleQuotedStyle != 0:
		return quotedText(s, '\'')
	case style&yaml.DoubleQuotedStyle != 0:
		return quotedText(s, '"')
	case plainSafe(s, flow):
		return s
	}
	return quotedText(s, l.quote)
}

// blockSafe reports a text that a block scalar can hold as it is.
func blockSafe(s string) bool {
	return s != "" && !isBlank(s[0]) && !strings.HasSuffix(s, "\n\n") && !strings.Contains(s, "\r") && strings.TrimSpace(s) != "" &&
		!strings.HasSuffix(strings.TrimSuffix(s, "\n"), " ") && strings.IndexFunc(s, hardToShow) < 0
}

// hardToShow reports characters that only an escape can hold in YAML.
func hardToShow(c rune) bool {
	switch c {
	case '\n', '\t':
		return false
	case 0x2028, 0x2029, 0xfeff, unicode.ReplacementChar:
		return true
	}
	return !printable(c) || c == 0x85 || c == '\r'
}

// literal writes a text line by line.
func (l *layout) literal(s string, indent int) string {
	header := "|-"
	if strings.HasSuffix(s, "\n") {
		header, s = "|", strings.TrimSuffix(s, "\n")
	}
	var b strings.Builder
	b.WriteString(header)
	for line := range strings.SplitSeq(s, "\n") {
		b.WriteString(l.eol)
		if line != "" {
			b.WriteString(strings.Repeat(" ", indent) + line)
		}
	}
	return b.String()
}

// wrapped breaks a text of one line at single blanks.
func (l *layout) wrapped(s string, indent int) string {
	var b strings.Builder
	margin := l.eol + strings.Repeat(" ", indent)
	column, before := 0, ""
	for i, word := range strings.Split(s, " ") {
		// A blank beside another is no place to break: the line would begin with it.
		canBreak := word != "" && before != "" && word[0] != '\t'
		switch {
		case i == 0:
			b.WriteString(margin)
		case canBreak && indent+column+1+len(word) > proseWidth:
			b.WriteString(margin)
			column = 0
		default:
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column, before = column+len(word), word
	}
	return b.String()
}

// YAMLText writes a text as a YAML scalar on one line: bare where it means itself
// to every reader, else in double quotation marks.
func YAMLText(s string) string {
	if plainSafe(s, false) {
		return s
	}
	return quotedText(s, '"')
}

// plainSafe reports a text that means itself without quotation marks, also to
// readers of YAML 1.1.
func plainSafe(s string, flow bool) bool {
	if s == "" || strings.TrimSpace(s) != s || strings.IndexFunc(s, hardToShow) >= 0 || strings.ContainsAny(s, "\n\t") ||
		strings.Contains(s, ": ") || strings.Contains(s, " #") || strings.HasSuffix(s, ":") {
		return false
	}
	if strings.ContainsAny(s[:1], "-?:,[]{}#&*!|>'\"%@`=<~.+") {
		return false
	}
	if flow && strings.ContainsAny(s, ",[]{}") {
		return false
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	if s[0] >= '0' && s[0] <= '9' && strings.Trim(s, "0123456789abcdefABCDEFxo_:.-+ ") == "" {
		return false // a number, a date or a time in some reader
	}
	return (&yaml.Node{Kind: yaml.ScalarNode, Value: s}).ShortTag() == "!!str"
}

// quotedText puts a text in quotation marks of a kind, or in double ones where
// it needs an escape.
func quotedText(s string, mark byte) string {
	if mark == '\'' && strings.IndexFunc(s, hardToShow) < 0 && !strings.ContainsAny(s, "\n\t") {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteRune('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case hardToShow(c):
			fmt.Fprintf(&b, `\u%04X`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// keyText is a key with its colon.
func (l *layout) keyText(name string, flow bool) string {
	return l.written(textNode(name), 0, true, 0) + ":"
}

// below is a new value as it stands after the colon of a key that is indented
// by a number of blanks.
func (l *layout) below(n *yaml.Node, indent int) string {
	var b strings.Builder
	switch n.Kind {
	case yaml.MappingNode:
		margin := l.eol + strings.Repeat(" ", indent+l.step)
		for i := 0; i+1 < len(n.Content); i += 2 {
			b.WriteString(margin + l.keyText(n.Content[i].Value, false) + l.below(n.Content[i+1], indent+l.step))
		}
	case yaml.SequenceNode:
		for _, c := range n.Content {
			b.WriteString(l.eol + strings.Repeat(" ", indent+l.dash) + "- " + l.entry(c, indent+l.dash))
		}
	default:
		b.WriteString(" " + l.written(n, indent, false, 0))
	}
	return b.String()
}

// entry is a new entry as it stands after a dash that is indented by a number
// of blanks.
func (l *layout) entry(n *yaml.Node, indent int) string {
	if n.Kind != yaml.MappingNode {
		return l.written(n, indent, false, 0)
	}
	var b strings.Builder
	for i := 0; i+1 < len(n.Content); i += 2 {
		if i > 0 {
			b.WriteString(l.eol + strings.Repeat(" ", indent+2))
		}
		b.WriteString(l.keyText(n.Content[i].Value, false) + l.below(n.Content[i+1], indent+2))
	}
	return b.String()
}

// inline is a new value as it stands within brackets.
func (l *layout) inline(n *yaml.Node) string {
	var parts []string
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			parts = append(parts, l.keyText(n.Content[i].Value, true)+" "+l.inline(n.Content[i+1]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case yaml.SequenceNode:
		for _, c := range n.Content {
			parts = append(parts, l.inline(c))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return l.written(n, 0, true, 0)
}
