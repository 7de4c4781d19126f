// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

// What is allowed as a document comes back from a dump.
func FuzzDocument(f *testing.F) {
	for _, body := range []string{
		"null", `{"a":[1,"]}",{}]}`, `"\"[[["`, `"\\"`, " [ ] ", "[", `"`, `"\`, "\xff", `"\ud800"`, strings.Repeat("[", 1001) + strings.Repeat("]", 1001),
	} {
		f.Add("note", "key", []byte(body))
	}
	f.Add("Note", "", []byte("1"))
	f.Add("note", "a\x00", []byte("1"))
	f.Fuzz(func(t *testing.T, kind, key string, body []byte) {
		d := registry.Document{Kind: registry.DocumentKind(kind), Key: key, Version: 1, Body: body}
		if err := d.Check(); err != nil {
			if !errors.Is(err, registry.ErrInvalid) {
				t.Errorf("Check: %v", err)
			}
			return
		}
		line, err := json.Marshal(registry.Record{Document: &d})
		if err != nil {
			t.Fatal(err)
		}
		var r registry.Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if body == nil {
			return
		}
		var compact, want bytes.Buffer
		if err := json.Compact(&compact, body); err != nil {
			t.Fatal(err)
		}
		json.HTMLEscape(&want, compact.Bytes())
		if r.Document.Key != key || !bytes.Equal(r.Document.Body, want.Bytes()) {
			t.Errorf("%q %s came back as %q %s", key, want.Bytes(), r.Document.Key, r.Document.Body)
		}
	})
}
