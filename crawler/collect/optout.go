// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package collect

import (
	"io/fs"
	"slices"
	"strings"
)

// OptOutFile is the name of a file at the root of a repository by which its
// maintainers ask not to be listed in a catalogue of this kind. Its content
// does not matter.
const OptOutFile = ".allmende-ignore"

// OptedOut reports whether the listing of a repository's root has OptOutFile.
func OptedOut(root []fs.DirEntry) bool {
	return slices.ContainsFunc(root, func(e fs.DirEntry) bool {
		return !e.IsDir() && strings.EqualFold(e.Name(), OptOutFile)
	})
}
