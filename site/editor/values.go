// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package editor

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// values are the texts, bools and lists of texts of a readable file by their
// paths, as far as the file itself holds them: not what was taken over from a
// deprecated key.
func values(r *publiccode.Result) map[string]any {
	all := map[string]any{}
	// The JSON names of the model are the keys of the standard.
	src, err := json.Marshal(r.PublicCode)
	if err != nil {
		return all
	}
	var model map[string]any
	if err := json.Unmarshal(src, &model); err != nil {
		return all
	}
	for key, v := range model {
		flatten(all, r, key, v)
	}
	// What is written counts, also where the model leaves it out or repairs it:
	// the form would hide it otherwise.
	for path, text := range r.Scalars() {
		switch all[path].(type) {
		case []any:
		case bool:
			if !slices.Contains(truths, strings.ToLower(text)) {
				all[path] = text
			}
		default:
			all[path] = text
		}
	}
	return all
}

// truths are the words that stand for a truth value, also in YAML 1.1.
var truths = []string{"true", "false", "yes", "no", "on", "off", "y", "n"}

func flatten(into map[string]any, r *publiccode.Result, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			flatten(into, r, path+"."+key, inner)
		}
		return
	case []any:
		if len(v) > 0 {
			if _, sections := v[0].(map[string]any); sections {
				for i, inner := range v {
					flatten(into, r, path+"["+strconv.Itoa(i)+"]", inner)
				}
				return
			}
		}
	}
	if r.Has(path) {
		into[path] = v
	}
}
