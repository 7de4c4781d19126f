// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package links

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

// maxFile bounds a file that the publiccode.yml names: a catalogue shows it.
const maxFile, maxFileText = 10 << 20, "10 MiB"

// checkFile looks up a path in the files of the repository.
func checkFile(files fs.FS, r reference) []verdict {
	if files == nil {
		return []verdict{{code: "PC0513"}}
	}
	name := path.Clean(r.value)
	if !fs.ValidPath(name) || strings.ContainsRune(name, 0) {
		return []verdict{{code: "PC0709"}}
	}
	// Before it is opened: opening a pipe would wait for somebody to write.
	info, err := fs.Stat(files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []verdict{{code: "PC0708"}}
	case err != nil, !info.Mode().IsRegular():
		return []verdict{{code: "PC0709"}}
	case info.Size() > maxFile:
		return []verdict{{"PC0710", []string{maxFileText}}}
	case r.kind < picture:
		return nil
	}
	f, err := files.Open(name)
	if err != nil {
		return []verdict{{code: "PC0709"}}
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, headSize))
	if err != nil {
		return []verdict{{code: "PC0709"}}
	}
	return checkImage(r.kind, endingOf(name), head)
}
