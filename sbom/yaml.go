// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sbom

import (
	"bytes"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxNodes bounds the nodes of a document in YAML, by what they can begin after.
const maxNodes = 600_000

// maxAliases is how many times the size of a document in YAML what its aliases
// stand for may be.
const maxAliases = 4

// yamlToJSON makes JSON of YAML, in which every scalar but null is a text: the
// reader takes a text for what it wants.
func yamlToJSON(src []byte) ([]byte, error) {
	if bytes.HasPrefix(src, []byte("%YAML")) {
		_, src, _ = bytes.Cut(src, []byte("\n")) // the library knows 1.1 alone by its name
	}
	if n := 2*bytes.Count(src, []byte{'\n'}) + bytes.Count(src, []byte{','}) + bytes.Count(src, []byte{'['}); n > maxNodes {
		return nil, fmt.Errorf("sbom: the YAML has more than %d entries: divide the document, or write it as JSON", maxNodes)
	}
	limits := loaderlimits.New(loaderlimits.DepthFunc(func(depth int, _ *loaderlimits.DepthContext) error {
		if depth > maxDepth {
			return fmt.Errorf("it is nested deeper than %d", maxDepth)
		}
		return nil
	}))
	loader, err := yaml.NewLoader(bytes.NewReader(src), yaml.WithPlugin(limits))
	if err != nil {
		return nil, notYAML(err)
	}
	var root yaml.Node
	if err := loader.Load(&root); err != nil {
		return nil, notYAML(err)
	}
	w := yamlWriter{most: maxAliases * (len(src) + 1024)}
	if err := w.node(&root, 0); err != nil {
		return nil, notYAML(err)
	}
	return w.out.Bytes(), nil
}

func notYAML(err error) error {
	return fmt.Errorf("sbom: the document is no YAML that can be read: %s: write it anew with the program that made it", brief(err))
}

type yamlWriter struct {
	out  bytes.Buffer
	most int
}

func (w *yamlWriter) node(n *yaml.Node, depth int) error {
	switch {
	case depth > maxDepth:
		return fmt.Errorf("in line %d it is nested deeper than %d", n.Line, maxDepth)
	case w.out.Len() > w.most:
		return errors.New("its aliases stand for far more than it holds itself")
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 1 {
			return w.node(n.Content[0], depth)
		}
		w.out.WriteString("null")
	case yaml.AliasNode:
		return w.node(n.Alias, depth+1)
	case yaml.SequenceNode:
		w.out.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				w.out.WriteByte(',')
			}
			if err := w.node(item, depth+1); err != nil {
				return err
			}
		}
		w.out.WriteByte(']')
	case yaml.MappingNode:
		w.out.WriteByte('{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				w.out.WriteByte(',')
			}
			w.out.Write(quoted(n.Content[i].Value))
			w.out.WriteByte(':')
			if err := w.node(n.Content[i+1], depth+1); err != nil {
				return err
			}
		}
		w.out.WriteByte('}')
	default:
		if n.ShortTag() == "!!null" {
			w.out.WriteString("null")
			return nil
		}
		w.out.Write(quoted(n.Value))
	}
	return nil
}
