// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry/export"
)

const (
	typeSchema = "application/schema+json"
	cacheDay   = "public, max-age=86400"
)

var errNoSchema = &problem{Status: http.StatusNotFound, Detail: "There is no such schema. It is adoptions.json, needs.json, software.json, or named like publiccode-0.7.json, by the versions of the standard."}

// schemas are the JSON Schemas of publiccode.yml, of adoptions.yml, of needs.yml and of
// a line of the bulk files by the names of their files.
func schemas() (map[string]*answer, error) {
	all := map[string]*answer{bulkSchema: schemaAnswer(export.Schema)}
	for _, f := range adoption.Formats() {
		all[f.Name+".json"] = schemaAnswer(f.Schema())
	}
	for _, version := range publiccode.SchemaVersions() {
		body, err := publiccode.JSONSchema(version)
		if err != nil {
			return nil, fmt.Errorf("api: schema of version %s: %w", version, err)
		}
		all["publiccode-"+version+".json"] = schemaAnswer(body)
	}
	return all, nil
}

func schemaAnswer(body []byte) *answer {
	return &answer{contentType: typeSchema, body: body, etag: entityTag(body), cache: cacheDay}
}

func (a *api) getSchema(c *gin.Context) (*answer, error) {
	if ans, ok := a.schemas[c.Param("file")]; ok {
		return ans, nil
	}
	return nil, errNoSchema
}
