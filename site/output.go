// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// output takes the files of a build. They are written into the stage, a
// directory beside that of the site that begins as what the site is; see
// stage.publish. Its methods may be called by several at a time.
type output struct {
	stage *stage
	links *linkCheck // nil where they are not checked
	full  bool       // what is there is looked at again

	mu    sync.Mutex
	now   map[string]string // file -> hash
	made  map[string]bool   // directories that are there
	pages int

	written, removed int
}

func newOutput(s *stage) *output {
	return &output{stage: s, now: make(map[string]string, len(s.files)), made: map[string]bool{".": true}}
}

// write puts a file into place unless it is there with that content.
func (o *output) write(name string, content []byte) error {
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	if fresh, err := o.claim(name, hash); err != nil || !fresh {
		return err
	}
	before, known := o.stage.files[name]
	same := known && before == hash
	if strings.HasSuffix(name, ".html") && o.links != nil && (!same || o.links.anew) {
		if known && !o.links.anew {
			if err := o.unlink(name); err != nil {
				return err
			}
		}
		o.links.add(name, content)
	}
	if same && o.whole(name, len(content)) {
		return nil
	}
	if !known && o.stage.foreign[name] {
		there, err := os.ReadFile(o.stage.path(name))
		if err != nil {
			return err
		}
		if !bytes.Equal(there, content) {
			return fmt.Errorf("%w: %s is there and was not written by a build: move it away or choose another directory", registry.ErrInvalid, name)
		}
		return nil
	}
	if err := o.place(name, content, known); err != nil {
		return err
	}
	o.mu.Lock()
	o.written++
	o.mu.Unlock()
	return nil
}

// whole reports whether a file that should be there is, as far as its size
// tells; only a full build looks.
func (o *output) whole(name string, size int) bool {
	if !o.full {
		return true
	}
	info, err := os.Lstat(o.stage.path(name))
	return err == nil && info.Mode().IsRegular() && info.Size() == int64(size)
}

// keep claims a file as the build before left it; false where it left none.
func (o *output) keep(name string) bool {
	hash, known := o.stage.files[name]
	if !known {
		return false
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, there := o.now[name]; !there {
		o.take(name, hash)
	}
	return true
}

// release takes back the files of an entry that are made again.
func (o *output) release(names []string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, name := range names {
		hash, made := o.now[name]
		if !made {
			continue
		}
		delete(o.now, name)
		o.stage.files[name] = hash
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		o.pages--
		if o.links != nil && o.links.anew {
			if err := o.unlink(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// wanted reports whether nobody has written a file yet.
func (o *output) wanted(name string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, there := o.now[name]
	return !there
}

// claim notes that a file is written; false where it is already, with that
// content.
func (o *output) claim(name, hash string) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if there, twice := o.now[name]; twice {
		if there != hash {
			return false, fmt.Errorf("two pages for the file %s", name)
		}
		return false, nil
	}
	o.take(name, hash)
	return true, nil
}

func (o *output) take(name, hash string) {
	o.now[name] = hash
	if strings.HasSuffix(name, ".html") && !strings.HasPrefix(name, "assets/") {
		o.pages++
	}
}

// place writes a file anew: the one that is there may be that of the site, under
// a second name.
func (o *output) place(name string, content []byte, there bool) error {
	if err := o.makeDir(path.Dir(name)); err != nil {
		return err
	}
	at := o.stage.path(name)
	if there {
		if err := os.Remove(at); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	f, err := os.OpenFile(at, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

func (o *output) makeDir(dir string) error {
	o.mu.Lock()
	there := o.made[dir]
	o.mu.Unlock()
	if there {
		return nil
	}
	if err := o.makeDir(path.Dir(dir)); err != nil {
		return err
	}
	if err := makeDir(o.stage.path(dir)); err != nil {
		return err
	}
	o.mu.Lock()
	o.made[dir] = true
	o.mu.Unlock()
	return nil
}

// makeDir makes a directory where there is none. A link to one is none.
func makeDir(dir string) error {
	err := os.Mkdir(dir, 0o755)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%w: %s is no directory: move it away or choose another directory", registry.ErrInvalid, filepath.Base(dir))
	}
	return err
}

// unlink takes back the links of a page that is written anew or goes.
func (o *output) unlink(name string) error {
	content, err := os.ReadFile(o.stage.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		o.links.remove(content)
	}
	return err
}

// sweep removes what is no longer part of the site.
func (o *output) sweep() error {
	for name := range o.stage.files {
		if _, still := o.now[name]; still {
			continue
		}
		if o.links != nil && !o.links.anew && strings.HasSuffix(name, ".html") {
			if err := o.unlink(name); err != nil {
				return err
			}
		}
		if err := o.stage.remove(name); err != nil {
			return err
		}
		o.removed++
	}
	return nil
}
