// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// parseList reads a plain list: an address a line, with # for comments, or a
// JSON array of strings.
func parseList(src []byte, l *listing) error {
	if bytes.HasPrefix(bytes.TrimSpace(src), []byte("[")) {
		return eachItem(src, func(i int, raw json.RawMessage) error {
			where := fmt.Sprintf("[%d]", i)
			var address *string
			if err := json.Unmarshal(raw, &address); err != nil || address == nil {
				return l.refuse(where, string(raw), fmt.Errorf("%w: it is no string", registry.ErrInvalid))
			}
			return l.repository(where, *address, registry.Publisher{})
		})
	}
	no := 0
	for line := range bytes.Lines(src) {
		no++
		text := strings.TrimSpace(withoutComment(string(line)))
		if text == "" {
			continue
		}
		if err := l.repository(fmt.Sprintf("line %d", no), text, registry.Publisher{}); err != nil {
			return err
		}
	}
	return nil
}

// withoutComment cuts off what follows a # at the beginning or after a space:
// elsewhere it is part of an address.
func withoutComment(line string) string {
	for i := range len(line) {
		if line[i] == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return line[:i]
		}
	}
	return line
}
