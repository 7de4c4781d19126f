// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package backup_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/backup"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

var made = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// store is an empty one.
func store(t *testing.T) registry.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "allmende.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// sample is a backup of a registry with something of everything in it.
func sample(t *testing.T) (file []byte, digest *backup.Digest) {
	t.Helper()
	s := store(t)
	registrytest.Fill(t, s)
	large := registrytest.Software("forge.example/large/file", "large")
	large.Files[0].Bytes = bytes.Repeat([]byte("Deich und Siel\x00"), 100_000) // over a block
	if _, err := s.Put(t.Context(), large); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	digest, err := backup.Write(&out, made, s.Dump(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), digest
}

// read reads a backup to its end or the first error.
func read(r io.Reader) (*backup.Digest, error) {
	var d backup.Digest
	return &d, drain(d.Of(registry.CheckDump(backup.Read(r))))
}

func drain(dump iter.Seq2[registry.Record, error]) error {
	for _, err := range dump {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestWriteRead(t *testing.T) {
	file, want := sample(t)
	for name, r := range map[string]io.Reader{"at once": bytes.NewReader(file), "byte by byte": iotest.OneByteReader(bytes.NewReader(file))} {
		got, err := read(r)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.SHA256() != want.SHA256() || got.Records != want.Records || got.Rev != want.Rev || got.Count("entry") != want.Count("entry") {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if want.Count("entry") == 0 || want.Count("day") != 2 || want.Rev == 0 {
		t.Errorf("digest is %+v", want)
	}
	for range backup.Read(bytes.NewReader(file)) {
		break // who has had enough
	}
}

// The format that the package describes, with nothing but what it names.
func TestFormat(t *testing.T) {
	var out bytes.Buffer
	if _, err := backup.Write(&out, made, dump(
		registry.Record{Head: &registry.HeadRecord{Version: registry.DumpVersion}},
		registry.Record{File: &registry.FileRecord{Hash: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", Bytes: registry.Raw("x")}},
		registry.Record{End: &registry.EndRecord{Records: 2}},
	)); err != nil {
		t.Fatal(err)
	}
	const want = `{"format":"allmende-backup","version":1,"made":"2026-11-22T12:00:00Z"}
{"head":{"version":2,"rev":0}}
{"file":{"hash":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","bytes":"x"}}
{"end":{"records":2}}
{"block":{"records":3,"sha256":"760cd8377540a75e9a99f5635d250b6eef46bcc3efda1a68d4cdf3d830ba64a4"}}
{"whole":{"blocks":1,"records":3,"sha256":"760cd8377540a75e9a99f5635d250b6eef46bcc3efda1a68d4cdf3d830ba64a4"}}
`
	if diff := cmp.Diff(want, string(unpacked(t, out.Bytes()))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A backup of the time before there were documents, as it was written.
func TestReadFormer(t *testing.T) {
	const text = `{"format":"allmende-backup","version":1,"made":"2026-11-22T12:00:00Z"}
{"head":{"version":1,"rev":0}}
{"day":{"date":"2026-11-22","rev":0,"entries":0}}
{"end":{"records":2}}
`
	head, records, _ := strings.Cut(text, "\n")
	former := packed(t, []byte(block(head+"\n", strings.TrimSuffix(records, "\n"))))
	s := store(t)
	if err := s.Load(t.Context(), backup.Read(bytes.NewReader(former))); err != nil {
		t.Fatal(err)
	}
	var restored, held backup.Digest
	for what, d := range map[string]error{
		"the backup": drain(restored.Of(backup.Read(bytes.NewReader(former)))), "the store": drain(held.Of(s.Dump(t.Context()))),
	} {
		if d != nil {
			t.Errorf("%s: %v", what, d)
		}
	}
	if restored.SHA256() != held.SHA256() || held.Count("day") != 1 {
		t.Errorf("what was restored has %d records with the hash %s, the backup %d with %s", held.Records, held.SHA256(), restored.Records, restored.SHA256())
	}
}

func dump(records ...registry.Record) iter.Seq2[registry.Record, error] {
	return func(yield func(registry.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func unpacked(t testing.TB, b []byte) []byte {
	t.Helper()
	r, err := zstd.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func packed(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Cut anywhere, or with any byte changed, it is no backup; but for the few bits
// that say nothing.
func TestDamaged(t *testing.T) {
	file, want := sample(t)
	for i := range len(file) {
		if i%97 == 0 || i > len(file)-20 {
			if _, err := read(bytes.NewReader(file[:i])); !errors.Is(err, registry.ErrInvalid) {
				t.Fatalf("cut off at byte %d of %d: %v", i, len(file), err)
			}
		}
		if i%89 != 0 {
			continue
		}
		b := bytes.Clone(file)
		b[i] ^= 0x10
		if got, err := read(bytes.NewReader(b)); !errors.Is(err, registry.ErrInvalid) && (err != nil || got.SHA256() != want.SHA256()) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
}

// What somebody made who knows the compression.
func TestHostile(t *testing.T) {
	file, _ := sample(t)
	text := string(unpacked(t, file))
	lines := strings.SplitAfter(text, "\n")
	for name, content := range map[string]string{
		"nothing":            "",
		"other text":         "This is a letter.\n",
		"JSON of another":    "{}\n",
		"null":               "null\n" + text,
		"newer format":       strings.Replace(text, `"version":1`, `"version":2`, 1),
		"no end":             strings.Join(lines[:len(lines)-2], ""),
		"block missing":      strings.Join(append(lines[:1:1], lines[len(lines)-2:]...), ""),
		"record missing":     strings.Replace(text, lines[2], "", 1),
		"record twice":       strings.Replace(text, lines[2], lines[2]+lines[2], 1),
		"something behind":   text + "\n",
		"block of null":      lines[0] + `{"block":null}` + "\n",
		"whole of null":      lines[0] + `{"whole":null}` + "\n",
		"unknown field":      block(lines[0], `{"head":{"version":1,"rev":0,"more":1}}`),
		"null record":        block(lines[0], `null`),
		"bytes of null":      block(lines[0], `{"file":{"hash":"","bytes":null}}`),
		"bytes of a number":  block(lines[0], `{"file":{"hash":"","bytes":1}}`),
		"bytes of no base64": block(lines[0], `{"file":{"hash":"","bytes":{"base64":"?"}}}`),
		"deep":               block(lines[0], strings.Repeat("[", 1<<20)),
		"endless line":       lines[0] + strings.Repeat(" ", 65<<20),
		"endless block":      lines[0] + strings.Repeat("{}\n", 1<<20),
	} {
		if _, err := read(bytes.NewReader(packed(t, []byte(content)))); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
	if _, err := read(strings.NewReader("This is a letter.")); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("not compressed: %v", err)
	}
	cause := errors.New("the disk has gone")
	if _, err := read(io.MultiReader(bytes.NewReader(file[:len(file)/2]), iotest.ErrReader(cause))); !errors.Is(err, cause) || errors.Is(err, registry.ErrInvalid) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

// block is a backup of one line with the right hashes.
func block(head, lines string) string {
	lines += "\n"
	sum, n := sha256.Sum256([]byte(lines)), strings.Count(lines, "\n")
	return fmt.Sprintf("%s%s{\"block\":{\"records\":%d,\"sha256\":\"%x\"}}\n{\"whole\":{\"blocks\":1,\"records\":%d,\"sha256\":\"%x\"}}\n", head, lines, n, sum, n, sum)
}

// full is a disk with room for so many bytes.
type full struct{ room int }

var errFull = errors.New("no space left on device")

func (f *full) Write(b []byte) (int, error) {
	if len(b) > f.room {
		n := f.room
		f.room = 0
		return n, errFull
	}
	f.room -= len(b)
	return len(b), nil
}

func TestWriteFails(t *testing.T) {
	file, _ := sample(t)
	for _, room := range []int{0, 1, len(file) / 2, len(file) - 1} {
		if _, err := backup.Write(&full{room}, made, backup.Read(bytes.NewReader(file))); !errors.Is(err, errFull) {
			t.Errorf("room for %d of %d bytes: %v", room, len(file), err)
		}
	}
	cause := errors.New("the database has gone")
	_, err := backup.Write(io.Discard, made, func(yield func(registry.Record, error) bool) {
		yield(registry.Record{}, cause)
	})
	if !errors.Is(err, cause) {
		t.Errorf("a dump that fails: %v", err)
	}
	if _, err := backup.Write(io.Discard, made, dump()); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("a dump that is cut off: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	var out bytes.Buffer
	if _, err := backup.Write(&out, made, dump(
		registry.Record{Head: &registry.HeadRecord{Version: registry.DumpVersion}},
		registry.Record{End: &registry.EndRecord{Records: 1}},
	)); err != nil {
		f.Fatal(err)
	}
	text := string(unpacked(f, out.Bytes()))
	f.Add(text)
	head, _, _ := strings.Cut(text, "\n")
	for _, line := range []string{
		`{"change":{"rev":1,"id":"forge.example/a/b","kind":"added","time":"2026-01-01T00:00:00Z"}}`,
		`{"head":{"version":1,"rev":0}}`, `{"document":{"kind":"note","key":"a","version":1,"body":{"a":[1]}}}`,
		`{"entry":{"n":1,"software":null}}`, `{"visit":{}}`, `{"sbom":{"document":{"packages":[null]}}}`,
	} {
		f.Add(block(head+"\n", line))
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := read(bytes.NewReader(packed(t, []byte(text))))
		if err == nil && d.Count("end") != 1 {
			t.Errorf("%d records, none of them the end", d.Records)
		}
		if err != nil && !errors.Is(err, registry.ErrInvalid) {
			t.Error(err)
		}
	})
}
