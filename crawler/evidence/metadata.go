// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/registry"
)

// others are what files say that are not licence texts: REUSE, metadata, the
// README.
func (r *reading) others() []statement {
	var out []statement
	for _, f := range r.of(registry.RoleREUSE) {
		out = append(out, r.assignments(f)...)
	}
	for _, f := range r.of(registry.RoleCodemeta) {
		out = append(out, r.metadata(f, parseCodemeta)...)
	}
	for _, f := range r.of(registry.RoleCitation) {
		out = append(out, r.metadata(f, parseCitation)...)
	}
	for _, f := range r.of(registry.RoleReadme) {
		out = append(out, r.readme(f)...)
	}
	return out
}

// metadata is the licence in a file of metadata. What cannot be read there says
// nothing.
func (r *reading) metadata(f registry.File, parse func([]byte) (string, error)) []statement {
	src, err := r.read(&f, maxProse)
	if err != nil {
		return nil
	}
	written, err := parse(src)
	if err != nil || written == "" {
		return nil
	}
	s := r.from(f, registry.FromMetadata)
	s.say(written)
	return []statement{s}
}

// parseCodemeta returns the licence in a codemeta.json: an address at spdx.org,
// an object with one, a name, or a list of them, which all apply
// (https://codemeta.github.io/terms/).
func parseCodemeta(src []byte) (string, error) {
	var file struct {
		Licence any `json:"license"`
	}
	if err := json.Unmarshal(src, &file); err != nil {
		return "", fmt.Errorf("codemeta.json: %w", err)
	}
	items, ok := file.Licence.([]any)
	if !ok {
		items = []any{file.Licence}
	}
	var names []string
	for _, item := range items {
		if object, ok := item.(map[string]any); ok {
			for _, key := range []string{"@id", "url", "identifier", "name"} {
				if s, ok := object[key].(string); ok && s != "" {
					item = s
					break
				}
			}
		}
		if s, ok := item.(string); ok && strings.TrimSpace(s) != "" {
			names = append(names, fromAddress(strings.TrimSpace(s)))
		}
	}
	return join(names, " AND "), nil
}

// fromAddress is the identifier that the address of a licence ends in.
func fromAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return s
	}
	name := path.Base(u.Path)
	for _, end := range []string{".html", ".json", ".txt"} {
		name = strings.TrimSuffix(name, end)
	}
	return name
}

// parseCitation returns the licence in a CITATION.cff, of a list either
// (https://github.com/citation-file-format/citation-file-format, 1.2.0, license).
func parseCitation(src []byte) (string, error) {
	var file struct {
		Licence any `yaml:"license"`
	}
	if err := yaml.Unmarshal(src, &file); err != nil {
		return "", fmt.Errorf("CITATION.cff: %w", err)
	}
	return join(oneOrMore(file.Licence), " OR "), nil
}

// join makes one expression of several.
func join(expressions []string, operator string) string {
	if len(expressions) > maxInFile {
		expressions = expressions[:maxInFile]
	}
	if len(expressions) == 1 {
		return expressions[0]
	}
	for i, e := range expressions {
		if strings.Contains(e, " ") {
			expressions[i] = "(" + e + ")"
		}
	}
	return strings.Join(expressions, operator)
}
