// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/publiccode"
)

const (
	typeSchema = "application/schema+json"
	cacheDay   = "public, max-age=86400"
)

var errNoSchema = &problem{Status: http.StatusNotFound, Detail: "There is no such schema. They are named like publiccode-0.7.json, by the versions of the standard."}

// schemas are the JSON Schemas of publiccode.yml by the names of their files.
func schemas() (map[string]*answer, error) {
	all := map[string]*answer{}
	for _, version := range publiccode.SchemaVersions() {
		body, err := publiccode.JSONSchema(version)
		if err != nil {
			return nil, fmt.Errorf("api: schema of version %s: %w", version, err)
		}
		all["publiccode-"+version+".json"] = &answer{contentType: typeSchema, body: body, etag: entityTag(body), cache: cacheDay}
	}
	return all, nil
}

func (a *api) getSchema(c *gin.Context) (*answer, error) {
	if ans, ok := a.schemas[c.Param("file")]; ok {
		return ans, nil
	}
	return nil, errNoSchema
}
