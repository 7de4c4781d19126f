// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

const (
	// manifestName is the file in which a build notes what it wrote.
	manifestName = ".allmende-files.json"
	// journalName is the file in which a build notes what it is about to write
	// for the first time, so that files of a build that was killed are known.
	journalName = ".allmende-journal"
)

// output is the directory of a build. Nothing is written or removed outside of
// it, links included.
type output struct {
	root    *os.Root
	old     map[string]string // file -> hash, of builds before; the hash is "" where a build was killed
	now     map[string]string
	journal *os.File // nil until something is new

	written, unchanged, removed int
}

func openOutput(dir string) (*output, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	o := &output{root: root, now: map[string]string{}}
	if err := o.readManifest(); err != nil {
		_ = root.Close()
		return nil, err
	}
	return o, nil
}

func (o *output) readManifest() error {
	src, err := o.root.ReadFile(manifestName)
	if err == nil {
		if err := json.Unmarshal(src, &o.old); err != nil {
			return fmt.Errorf("%w: %s is damaged (%w): remove it with the files of the site", registry.ErrInvalid, manifestName, err)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if o.old == nil {
		o.old = map[string]string{}
	}
	src, err = o.root.ReadFile(journalName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for name := range strings.Lines(string(src)) {
		if name, whole := strings.CutSuffix(name, "\n"); whole {
			o.old[name] = ""
		}
	}
	return err
}

// write puts a file into place unless it is there with that content.
func (o *output) write(name string, content []byte) error {
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	if _, twice := o.now[name]; twice {
		return fmt.Errorf("two pages for the file %s", name)
	}
	before, known := o.old[name]
	info, err := o.root.Stat(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	exists := err == nil
	same := exists && known && before == hash && info.Size() == int64(len(content))
	if exists && !known {
		there, err := o.root.ReadFile(name)
		if err != nil {
			return err
		}
		if same = bytes.Equal(there, content); !same {
			return fmt.Errorf("%w: %s is there and was not written by a build: move it away or choose another directory", registry.ErrInvalid, name)
		}
	}
	if same {
		o.now[name] = hash
		o.unchanged++
		return nil
	}
	if !known {
		if err := o.announce(name); err != nil {
			return err
		}
	}
	if err := o.place(name, content); err != nil {
		return err
	}
	o.now[name] = hash
	o.written++
	return nil
}

func (o *output) announce(name string) (err error) {
	if o.journal == nil {
		if o.journal, err = o.root.OpenFile(journalName, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644); err != nil {
			return err
		}
	}
	_, err = o.journal.WriteString(name + "\n")
	return err
}

// place writes beside the file and renames, so that a reader sees the one
// version or the other.
func (o *output) place(name string, content []byte) error {
	if err := o.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	temporary := path.Join(path.Dir(name), ".allmende-new")
	if err := o.root.WriteFile(temporary, content, 0o644); err != nil {
		return err
	}
	if err := o.root.Rename(temporary, name); err != nil {
		_ = o.root.Remove(temporary)
		return err
	}
	return nil
}

// close removes what is no longer part of the site, where the build came to
// its end, and notes what is there.
func (o *output) close(complete bool) error {
	defer o.root.Close()
	if o.journal != nil {
		defer o.journal.Close()
	}
	for name := range o.old {
		if _, still := o.now[name]; still {
			continue
		}
		if !complete {
			o.now[name] = o.old[name]
			continue
		}
		if err := o.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		o.removed++
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if o.root.Remove(dir) != nil { // not empty: somebody is still in
				break
			}
		}
	}
	manifest, err := json.MarshalIndent(o.now, "", "\t")
	if err != nil {
		return err
	}
	if there, err := o.root.ReadFile(manifestName); err != nil || !bytes.Equal(there, manifest) {
		if err := o.place(manifestName, manifest); err != nil {
			return err
		}
	}
	if err := o.root.Remove(journalName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
