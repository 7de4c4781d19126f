// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/registry"
)

const (
	// manifestName is the file in which a build notes what is there: a line for
	// each file, its SHA-256 and its name. It is written last, so that what has one
	// is whole.
	manifestName = ".allmende-files"
	// stateName is the file in which a build notes what the next one may rest on.
	stateName = ".allmende-state"
	// carried stands in the manifest for the hash of a file that no build wrote.
	carried = "-"
)

// stage is the directory in which a site is made before it is exchanged with
// the one that is read. Nothing is written or removed outside of it, links
// included, until publish.
type stage struct {
	dir  string // of the site
	work string // of the stage
	// inside says that work is in dir, which cannot be exchanged: it is a mount
	// point, or nothing may be written beside it.
	inside bool
	lock   *flock.Flock

	files   map[string]string // in work, as the build before left them in dir -> hash
	foreign map[string]bool   // in work, that no build wrote
	touched bool              // somebody put files into dir, or took some out
}

// openStage locks the directory of a site against other builds and reads what
// it holds. Where another build runs the error wraps registry.ErrConflict.
func openStage(dir string) (*stage, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if to, err := filepath.EvalSymlinks(dir); err == nil {
		dir = to // the link to it stays
	}
	hidden := filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+".allmende-")
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		_ = os.Rename(hidden+"next"+former, dir) // where swap was killed
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	s := &stage{dir: dir}
	s.lock, s.work = flock.New(hidden+"lock"), hidden+"next"
	locked, err := s.lock.TryLock()
	if errors.Is(err, fs.ErrPermission) || isReadOnly(err) || err == nil && isMount(dir) {
		_ = s.lock.Close()
		s.inside = true
		s.lock, s.work = flock.New(filepath.Join(dir, ".allmende-lock")), filepath.Join(dir, ".allmende-next")
		locked, err = s.lock.TryLock()
	}
	switch {
	case err != nil:
		return nil, err
	case !locked:
		return nil, fmt.Errorf("%w: another build writes into %s: wait until it has ended", registry.ErrConflict, dir)
	}
	if err := s.read(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *stage) close() error { return s.lock.Close() }

// path is that of a file of the stage.
func (s *stage) path(name string) string { return filepath.Join(s.work, filepath.FromSlash(name)) }

func (s *stage) live(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// read finds out what the site holds.
func (s *stage) read() error {
	if s.inside {
		// A stage with a manifest was whole: the build that made it was killed while
		// its files were put into place.
		if files, _, _, err := readManifest(s.work); err == nil && files != nil {
			if err := s.putInside(files); err != nil {
				return err
			}
		}
	}
	var at time.Time
	var err error
	if s.files, s.foreign, at, err = readManifest(s.dir); err != nil {
		return err
	}
	if s.files == nil {
		s.files, s.foreign = map[string]string{}, map[string]bool{}
	}
	return s.inspect(at)
}

// inspect looks for what changed in the site since the build that wrote its
// manifest: files that somebody put there are carried along, those that are
// missing are written again. A directory that has not been touched is not read.
func (s *stage) inspect(at time.Time) error {
	dirs := map[string]bool{".": true}
	for _, names := range []func(func(string) bool){maps.Keys(s.files), maps.Keys(s.foreign)} {
		for name := range names {
			for dir := path.Dir(name); !dirs[dir]; dir = path.Dir(dir) {
				dirs[dir] = true
			}
		}
	}
	at = at.Add(-2 * time.Second) // some file systems count in such steps
	var touched []string
	for dir := range dirs {
		info, err := os.Lstat(s.live(dir))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			touched = append(touched, dir)
		case err != nil:
			return err
		case dir == "." || info.ModTime().After(at):
			touched = append(touched, dir)
		}
	}
	if len(touched) == 0 {
		return nil
	}
	there := map[string]bool{}
	for _, dir := range touched {
		if err := s.list(dir, dirs, there); err != nil {
			return err
		}
	}
	look := make(map[string]bool, len(touched))
	for _, dir := range touched {
		look[dir] = true
	}
	for name := range s.files {
		if look[path.Dir(name)] && !there[name] {
			delete(s.files, name)
			s.touched = true
		}
	}
	for name := range s.foreign {
		if look[path.Dir(name)] && !there[name] {
			delete(s.foreign, name)
			s.touched = true
		}
	}
	for name := range there {
		if _, ours := s.files[name]; !ours && !s.foreign[name] {
			s.foreign[name] = true
			s.touched = true
		}
	}
	return nil
}

// list notes the files of a directory of the site, and those below it in
// directories that are not known.
func (s *stage) list(dir string, known, there map[string]bool) error {
	entries, err := os.ReadDir(s.live(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case dir == "." && slices.Contains([]string{manifestName, stateName, ".allmende-next", ".allmende-lock"}, e.Name()):
		case !e.IsDir():
			there[name] = true
		case !known[name]:
			if err := s.list(name, known, there); err != nil {
				return err
			}
		}
	}
	return err
}

// prepare makes the stage what the site is, by hard links where the file system
// has them. A stage that a build left whole is brought up to date, any other is
// made anew.
func (s *stage) prepare() error {
	was, wasForeign, _, err := readManifest(s.work)
	if was == nil || err != nil {
		if err := os.RemoveAll(s.work); err != nil {
			return err
		}
		if err := os.Mkdir(s.work, 0o755); err != nil {
			return err
		}
	}
	info, err := os.Lstat(s.work)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%w: %s is no directory: move it away", registry.ErrInvalid, s.work)
	}
	for _, name := range []string{manifestName, stateName} {
		if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if live, err := os.Stat(s.dir); err == nil {
		if err := os.Chmod(s.work, live.Mode().Perm()); err != nil {
			return err
		}
	}
	for name := range wasForeign { // they may have changed
		if err := s.remove(name); err != nil {
			return err
		}
	}
	for name, hash := range was {
		if s.files[name] != hash {
			if err := s.remove(name); err != nil {
				return err
			}
			delete(was, name)
		}
	}
	var missing []string
	for name := range s.files {
		if _, there := was[name]; !there {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing) // those of a directory after one another
	if err := s.link(missing); err != nil {
		return err
	}
	for name := range s.foreign {
		if err := s.remove(name); err != nil { // what the site before had there
			return err
		}
		if err := s.carry(name); err != nil {
			return err
		}
	}
	return nil
}

// link carries files that a build wrote, on all processors.
func (s *stage) link(names []string) error {
	var group errgroup.Group
	for part := range slices.Chunk(names, max(1, (len(names)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))) {
		group.Go(func() error {
			for _, name := range part {
				from, to := s.live(name), s.path(name)
				err := os.Link(from, to)
				if errors.Is(err, fs.ErrNotExist) {
					if err := s.makeDirs(path.Dir(name)); err != nil {
						return err
					}
					err = os.Link(from, to)
				}
				if err == nil {
					continue
				}
				if err := s.carry(name); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// carry puts a file of the site into the stage too.
func (s *stage) carry(name string) error {
	from, to := s.live(name), s.path(name)
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	if err := s.makeDirs(path.Dir(name)); err != nil {
		return err
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		where, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(where, to)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: %s is neither file nor link: move it away", registry.ErrInvalid, from)
	}
	if os.Link(from, to) == nil {
		return nil
	}
	return copyFile(from, to, info)
}

func copyFile(from, to string, info fs.FileInfo) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	return errors.Join(err, dst.Close())
}

func (s *stage) makeDirs(dir string) error {
	if dir == "." {
		return nil
	}
	err := os.Mkdir(s.path(dir), 0o755)
	if errors.Is(err, fs.ErrNotExist) {
		if err := s.makeDirs(path.Dir(dir)); err != nil {
			return err
		}
	}
	return makeDir(s.path(dir))
}

// remove takes a file out of the stage, and the directories that are empty then.
func (s *stage) remove(name string) error {
	if !fs.ValidPath(name) {
		return nil // no build wrote such a name
	}
	err := os.Remove(s.path(name))
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if os.Remove(s.path(dir)) != nil { // not empty: somebody is still in
			break
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// publish makes the stage the site, whose files are now given by hash. What the
// site was is the stage of the next build.
func (s *stage) publish(files map[string]string) error {
	if err := writeManifest(s.path(manifestName), files, s.foreign); err != nil {
		return err
	}
	if s.inside {
		return s.putInside(files)
	}
	if err := exchange(s.work, s.dir); err != nil {
		return err
	}
	return s.noteForeign()
}

// noteForeign adds to the manifest of what the site was the files that others
// have put there since, so that they are not taken for files of the next site.
func (s *stage) noteForeign() error {
	files, foreign, _, err := readManifest(s.work)
	switch {
	case errors.Is(err, registry.ErrInvalid): // it is made anew
		return nil
	case err != nil || files == nil:
		return err
	}
	var lines strings.Builder
	for name := range s.foreign {
		if !foreign[name] {
			fmt.Fprintf(&lines, "%s  %s\n", carried, name)
		}
	}
	if lines.Len() == 0 {
		return nil
	}
	f, err := os.OpenFile(s.path(manifestName), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(lines.String())
	return errors.Join(err, f.Close())
}

// putInside puts the files of the stage into place one by one, and removes what
// is left over.
func (s *stage) putInside(files map[string]string) error {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	before, _, _, err := readManifest(s.dir)
	if err != nil {
		return err
	}
	work := filepath.Base(s.work)
	made := map[string]bool{}
	for _, name := range append(slices.Collect(maps.Keys(files)), stateName) {
		if before[name] == files[name] && name != stateName {
			continue
		}
		if dir := path.Dir(name); !made[dir] {
			if err := root.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			made[dir] = true
		}
		if err := root.Rename(path.Join(work, name), name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err // one that is not there is in its place
		}
	}
	for name := range before {
		if _, still := files[name]; still || !fs.ValidPath(name) {
			continue
		}
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if root.Remove(dir) != nil {
				break
			}
		}
	}
	if err := root.Rename(path.Join(work, manifestName), manifestName); err != nil {
		return err
	}
	return root.RemoveAll(work)
}

// readManifest reads what a directory holds: the files that a build wrote and
// those it found, and when it did; nil where there is no manifest. The error
// wraps registry.ErrInvalid where there is something else.
func readManifest(dir string) (files map[string]string, foreign map[string]bool, at time.Time, err error) {
	name := filepath.Join(dir, manifestName)
	src, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, at, nil
	}
	if err != nil {
		return nil, nil, at, err
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, at, err
	}
	files, foreign = make(map[string]string, bytes.Count(src, []byte("\n"))), map[string]bool{}
	for line := range strings.Lines(string(src)) {
		hash, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		switch {
		case !ok || !fs.ValidPath(name) || name == "." || len(hash) != 64 && hash != carried:
			return nil, nil, at, fmt.Errorf("%w: %s is damaged: remove it with the files of the site", registry.ErrInvalid, manifestName)
		case hash == carried:
			foreign[name] = true
		default:
			files[name] = hash
		}
	}
	return files, foreign, info.ModTime(), nil
}

func writeManifest(name string, files map[string]string, foreign map[string]bool) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(out, "%s  %s\n", files[name], name)
	}
	for _, name := range slices.Sorted(maps.Keys(foreign)) {
		if _, ours := files[name]; !ours {
			fmt.Fprintf(out, "%s  %s\n", carried, name)
		}
	}
	return errors.Join(out.Flush(), f.Close())
}
