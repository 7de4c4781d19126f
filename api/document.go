// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"go.yaml.in/yaml/v4"
)

// documentFiles are the OpenAPI document in parts: openapi.yaml, components.yaml for
// what several parts share, and a file a subject. In the others stand paths,
// components and tags of their own.
//
//go:embed openapi/*.yaml
var documentFiles embed.FS

// document is the OpenAPI document of the API in its two forms.
type document struct {
	version        string // of the API: info.version
	tree           map[string]any
	asJSON, asYAML *answer
}

// readDocument joins the parts of the embedded document and makes both forms of it.
func readDocument() (document, error) {
	whole, err := joinParts(documentFiles)
	if err != nil {
		return document{}, fmt.Errorf("api: %w", err)
	}
	if err := spread(whole); err != nil {
		return document{}, fmt.Errorf("api: the OpenAPI document: %w", err)
	}
	var tree map[string]any
	if err := whole.Decode(&tree); err != nil {
		return document{}, fmt.Errorf("api: the OpenAPI document: %w", err)
	}
	info, _ := tree["info"].(map[string]any)
	version, _ := info["version"].(string)
	if version == "" {
		return document{}, fmt.Errorf("api: the OpenAPI document has no info.version")
	}
	asJSON, err := jsonAnswer(tree)
	if err != nil {
		return document{}, fmt.Errorf("api: the OpenAPI document: %w", err)
	}
	text, err := yaml.Marshal(whole)
	if err != nil {
		return document{}, fmt.Errorf("api: the OpenAPI document: %w", err)
	}
	asYAML := &answer{contentType: typeYAML, body: text, etag: entityTag(text), cache: cacheMinute}
	return document{version: version, tree: tree, asJSON: asJSON, asYAML: asYAML}, nil
}

// joinParts is the document that begins with openapi.yaml and goes on with what the
// others add to its mappings and lists, in order of their names.
func joinParts(files fs.FS) (*yaml.Node, error) {
	names, err := fs.Glob(files, "openapi/*.yaml")
	if err != nil {
		return nil, err
	}
	const first = "openapi/openapi.yaml"
	whole, err := readPart(files, first)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if name == first {
			continue
		}
		part, err := readPart(files, name)
		if err == nil {
			err = join(whole, part)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return whole, nil
}

func readPart(files fs.FS, name string) (*yaml.Node, error) {
	src, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	var n yaml.Node
	if err := yaml.Unmarshal(src, &n); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if n.Kind != yaml.DocumentNode || n.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s is no mapping", name)
	}
	return n.Content[0], nil
}

// join adds the keys of a part to those that are there, under the keys that lead to
// both.
func join(into, part *yaml.Node, under ...string) error {
	if into.Kind == yaml.SequenceNode && part.Kind == yaml.SequenceNode {
		into.Content = append(into.Content, part.Content...)
		return nil
	}
	// A path, or a component of some kind, is whole in one part.
	whole := len(under) == 2 && under[0] == "paths" || len(under) == 3
	if whole || into.Kind != yaml.MappingNode || part.Kind != yaml.MappingNode {
		return fmt.Errorf("%s stands in another part already", strings.Join(under, "."))
	}
	for i := 0; i+1 < len(part.Content); i += 2 {
		key, value := part.Content[i], part.Content[i+1]
		if there := at(into, key.Value); there != nil {
			if err := join(there, value, append(slices.Clone(under), key.Value)...); err != nil {
				return err
			}
			continue
		}
		into.Content = append(into.Content, key, value)
	}
	return nil
}

func at(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func (d document) json(*gin.Context) (*answer, error) { return d.asJSON, nil }
func (d document) yaml(*gin.Context) (*answer, error) { return d.asYAML, nil }
