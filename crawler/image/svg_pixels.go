// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
)

// dataForm is pixels in the address itself (RFC 2397). Which format they have
// is for their bytes to say.
var dataForm = regexp.MustCompile(`^(?i:data:image/[\w.+-]+;base64,)([\sA-Za-z0-9+/=]+)$`)

func cleanPixels(address string) (string, bool) {
	m := dataForm.FindStringSubmatch(address)
	if m == nil {
		return "", false
	}
	// Editors break the lines, and some leave out the padding.
	digits := strings.TrimRight(strings.Join(strings.Fields(m[1]), ""), "=")
	src, err := base64.RawStdEncoding.DecodeString(digits)
	if err != nil {
		return "", false
	}
	for _, r := range rasters {
		if !r.is(src) {
			continue
		}
		picture, err := r.clean(bytes.Clone(src))
		if err != nil {
			return "", false
		}
		return "data:" + picture.Media + ";base64," + base64.StdEncoding.EncodeToString(picture.Bytes), true
	}
	return "", false
}
