// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"slices"

	"go.yaml.in/yaml/v4"
)

// everywhere is the key under which a part of the document says what all answers
// have and what all operations may answer, so that no other part has to.
const everywhere = "x-everywhere"

// spread writes what stands under everywhere into the answers and operations of the
// document that have not said it themselves: headers into all answers, answers into
// all operations but those of health, which is never turned away.
func spread(whole *yaml.Node) error {
	said := at(whole, everywhere)
	if said == nil || at(said, "headers") == nil || at(said, "responses") == nil {
		return errors.New("there is no " + everywhere + " with headers and responses")
	}
	i := slices.IndexFunc(whole.Content, func(n *yaml.Node) bool { return n == said })
	whole.Content = slices.Delete(whole.Content, i-1, i+1)
	headers, responses := at(said, "headers"), at(said, "responses")
	for answer := range values(at(at(whole, "components"), "responses")) {
		adopt(answer, "headers", headers)
	}
	for item := range values(at(whole, "paths")) {
		for operation := range values(item) {
			if at(operation, "responses") == nil {
				continue // servers, or parameters of the whole path
			}
			for answer := range values(at(operation, "responses")) {
				adopt(answer, "headers", headers)
			}
			if tags := at(operation, "tags"); tags != nil && len(tags.Content) == 1 && tags.Content[0].Value == "operation" {
				continue
			}
			adopt(operation, "responses", responses)
		}
	}
	return nil
}

// adopt adds to the mapping under a key what it has not, unless n is a reference.
func adopt(n *yaml.Node, key string, more *yaml.Node) {
	if at(n, "$ref") != nil {
		return
	}
	into := at(n, key)
	if into == nil {
		into = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, into)
	}
	for i := 0; i+1 < len(more.Content); i += 2 {
		if at(into, more.Content[i].Value) == nil {
			into.Content = append(into.Content, more.Content[i], more.Content[i+1])
		}
	}
}

// values are the values of a mapping; none of nil.
func values(n *yaml.Node) func(yield func(*yaml.Node) bool) {
	return func(yield func(*yaml.Node) bool) {
		for i := 1; n != nil && n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
			if !yield(n.Content[i]) {
				return
			}
		}
	}
}
