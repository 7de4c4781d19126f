// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package collect

import (
	"io/fs"
	"path"
	"strings"
)

// maxLink is the longest target of a symbolic link that is followed, in bytes.
const maxLink = 255

// linkTarget recognises a symbolic link, which forges serve as a file that
// holds its target: a short line without an end that is the path of a file
// whose first part the root lists. It is followed once.
func (c *collector) linkTarget(name string, src []byte) (string, bool) {
	s := string(src)
	if len(s) == 0 || len(s) > maxLink || strings.ContainsAny(s, "\x00\n\r\\:") || path.IsAbs(s) {
		return "", false
	}
	target := path.Join(path.Dir(name), s)
	if !fs.ValidPath(target) || target == "." || target == name {
		return "", false
	}
	first, _, inFolder := strings.Cut(target, "/")
	for _, e := range c.Root {
		if e.Name() == first {
			return target, e.IsDir() == inFolder
		}
	}
	return "", false
}
