// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	_ "embed"
	"fmt"

	"github.com/gin-gonic/gin"
	"go.yaml.in/yaml/v4"
)

//go:embed openapi.yaml
var openAPI []byte

// document is the OpenAPI document of the API in its two forms.
type document struct {
	version        string // of the API: info.version
	asJSON, asYAML *answer
}

// readDocument makes both forms of the embedded document.
func readDocument() (document, error) {
	var tree map[string]any
	if err := yaml.Unmarshal(openAPI, &tree); err != nil {
		return document{}, fmt.Errorf("api: openapi.yaml: %w", err)
	}
	info, _ := tree["info"].(map[string]any)
	version, _ := info["version"].(string)
	if version == "" {
		return document{}, fmt.Errorf("api: openapi.yaml has no info.version")
	}
	asJSON, err := jsonAnswer(tree)
	if err != nil {
		return document{}, fmt.Errorf("api: openapi.yaml: %w", err)
	}
	asYAML := &answer{contentType: typeYAML, body: openAPI, etag: entityTag(openAPI), cache: cacheMinute}
	return document{version: version, asJSON: asJSON, asYAML: asYAML}, nil
}

func (d document) json(*gin.Context) (*answer, error) { return d.asJSON, nil }
func (d document) yaml(*gin.Context) (*answer, error) { return d.asYAML, nil }
