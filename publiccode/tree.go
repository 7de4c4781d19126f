// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

const (
	maxDepth = 40     // the standard needs 6
	maxNodes = 50_000 // by estimate; the largest real files come to 3,000
	// maxExpanded bounds the nodes with all aliases written out. A tree without
	// aliases never comes near.
	maxExpanded = 4 * maxNodes
)

var errTooDeep = errors.New("too deep")

// loadTree reads the first document of a stream as a node tree. It returns nil
// and reports why where there is no mapping to work on, or more than most nodes.
func loadTree(src []byte, most int, r *report) *yaml.Node {
	if estimateNodes(src) > most {
		r.add("PC0008", position{1, 1}, "", fmt.Sprint(most))
		return nil
	}
	loader, tooDeep, err := newLoader(src)
	if err != nil {
		r.add("PC0004", position{1, 1}, "", err.Error(), err.Error())
		return nil
	}

	var doc yaml.Node
	err = loader.Load(&doc)
	switch {
	case errors.Is(err, io.EOF):
		r.add("PC0005", position{1, 1}, "")
		return nil
	case *tooDeep:
		r.add("PC0007", errorPosition(err), "", fmt.Sprint(maxDepth))
		return nil
	case err != nil:
		r.noYAML(src, err)
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		r.add("PC0005", position{1, 1}, "")
		return nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		if isNull(root) {
			r.add("PC0005", nodePosition(root), "")
		} else {
			r.add("PC0006", nodePosition(root), "")
		}
		return nil
	}
	if !aliasesBounded(root) {
		r.add("PC0009", nodePosition(root), "")
		return nil
	}

	// What follows the first document is not read, but must be named.
	var second yaml.Node
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		r.add("PC0011", errorPosition(err), "")
	case len(second.Content) > 0 && !isNull(second.Content[0]):
		r.add("PC0011", nodePosition(second.Content[0]), "")
	}
	return root
}

// newLoader reads YAML down to a depth; the second result tells, after an
// error, whether that was the reason.
func newLoader(src []byte) (*yaml.Loader, *bool, error) {
	tooDeep := new(bool)
	limits := loaderlimits.New(loaderlimits.DepthFunc(func(depth int, _ *loaderlimits.DepthContext) error {
		if depth > maxDepth {
			*tooDeep = true
			return errTooDeep
		}
		return nil
	}))
	loader, err := yaml.NewLoader(bytes.NewReader(src), yaml.WithPlugin(limits))
	return loader, tooDeep, err
}

// estimateNodes is an upper bound of the nodes that a YAML reader would build:
// it counts what a node can begin after. It keeps a hostile megabyte from
// becoming hundreds of megabytes of nodes.
func estimateNodes(src []byte) int {
	n := 0
	var before byte = '\n'
	for _, c := range src {
		switch before {
		case '\n', '\r':
			if c != '\n' && c != '\r' {
				n++
			}
		case ',', '[', '{', ':', '?', '&', '*', '!', '"', '\'':
			n++
		case '-':
			if c == ' ' {
				n++
			}
		}
		before = c
	}
	return n
}

// aliasesBounded reports whether the tree, with every alias written out, is
// finite and of bearable size.
func aliasesBounded(root *yaml.Node) bool {
	sizes := map[*yaml.Node]int{} // of anchored nodes; -1 while being measured
	var size func(n *yaml.Node) int
	size = func(n *yaml.Node) int {
		if n.Kind == yaml.AliasNode {
			if n.Alias == nil {
				return 1
			}
			return size(n.Alias)
		}
		if n.Anchor != "" {
			if known, ok := sizes[n]; ok {
				if known < 0 {
					return maxExpanded + 1 // contains itself
				}
				return known
			}
			sizes[n] = -1
		}
		total := 1
		for _, c := range n.Content {
			total = min(total+size(c), maxExpanded+1)
		}
		if n.Anchor != "" {
			sizes[n] = total
		}
		return total
	}
	return size(root) <= maxExpanded
}

func nodePosition(n *yaml.Node) position { return position{n.Line, n.Column} }

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

func errorPosition(err error) position {
	at, context := errorPositions(err)
	switch {
	case at.line > 0:
		return at
	case context.line > 0:
		return context
	}
	return position{1, 1}
}

// errorPositions tells where the YAML reader stumbled, and where what it was
// reading then begins; zero where it does not say.
func errorPositions(err error) (at, context position) {
	var le *yaml.LoadError
	if errors.As(err, &le) {
		at = position{le.Mark.Line, le.Mark.Column}
		context = position{le.ContextMark.Line, le.ContextMark.Column}
	}
	return at, context
}

// yamlReasons say in plain words what the YAML reader complains about.
var yamlReasons = []struct{ contains, de, en string }{
	{
		"node content", "Hier fehlt ein Wert, oder eine Klammer wird nicht geschlossen",
		"a value is missing here, or a bracket is not closed",
	},
	{
		"tab character", "Ein Tabulator steht, wo nur Leerzeichen erlaubt sind",
		"a tab stands where only spaces are allowed",
	},
	{
		"mapping values are not allowed", "Ein Doppelpunkt steht, wo keiner stehen darf; oft stimmt die Einrückung nicht, oder der Text braucht Anführungszeichen",
		"a colon stands where none may stand; often the indentation is wrong, or the text needs quotation marks",
	},
	{
		"could not find expected ':'", "Nach einem Schlüssel fehlt der Doppelpunkt, oder die Einrückung stimmt nicht",
		"a key has no colon, or the indentation is wrong",
	},
	{
		"did not find expected key", "Die Einrückung passt nicht zu den Zeilen davor",
		"the indentation does not fit the lines before",
	},
	{
		"did not find expected '-'", "Ein Listeneintrag beginnt nicht mit „- “, oder die Einrückung stimmt nicht",
		"an entry of a list does not begin with “- ”, or the indentation is wrong",
	},
	{
		"end of stream", "Ein Anführungszeichen wird nicht geschlossen",
		"a quotation mark is not closed",
	},
	{
		"expected ',' or", "Eine Klammer wird nicht geschlossen",
		"a bracket is not closed",
	},
	{
		"unknown anchor", "Ein Verweis (*…) hat kein Ziel",
		"an alias (*…) has no target",
	},
	{
		"cannot start any token", "Der Wert beginnt mit einem Zeichen, das Anführungszeichen braucht, oder mit einem Tabulator",
		"the value begins with a character that needs quotation marks, or with a tab",
	},
	{
		"unknown escape", "Nach einem umgekehrten Schrägstrich steht ein unbekanntes Zeichen",
		"an unknown character follows a backslash",
	},
}

// errorWords says why the file is no YAML; in the words of the YAML reader
// where we have no better ones.
func errorWords(err error) (de, en string) {
	text := err.Error()
	if le := (*yaml.LoadError)(nil); errors.As(err, &le) {
		text = le.Message
	}
	for _, r := range yamlReasons {
		if strings.Contains(text, r.contains) {
			return r.de, r.en
		}
	}
	return "Der Text hat hier nicht die Form von YAML (" + text + ")", text
}
