// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/registry"
)

// state is what a build leaves for the next one beside the files, so that it
// need not read what has not changed. A state that cannot be read, or that
// another program or configuration made, is none.
type state struct {
	Program string // fingerprint of what makes the pages
	Rev     registry.Rev
	Day     string            // of the build, 2026-01-31
	Days    string            // fingerprint of the newest statistics
	Needs   string            // of the board, see surroundings
	Known   string            // of the organisations that are known
	Pages   int               // HTML pages
	Skipped int               // entries without a page
	Keys    map[string]string // file -> fingerprint of what it is made of, of those that are of many entries, see build.same
	Links   map[string]int    // see linkCheck; nil where they were not checked
	Former  []string          // assets of the build before
	Records int
	records []*record
	chunks  []stateChunk // as they were read
}

// stateChunk is a run of records in order, which are written together.
type stateChunk struct {
	packed  []byte
	records []*record
}

// stateForm is how a state is written: the same always, and moments of any year.
var stateForm = json.JoinOptions(
	json.Deterministic(true), json.FormatNilSliceAsNull(true), json.FormatNilMapAsNull(true), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true),
	json.WithMarshalers(json.MarshalToFunc(func(out *jsontext.Encoder, t time.Time) error {
		return json.MarshalEncode(out, [2]int64{t.Unix(), int64(t.Nanosecond())})
	})),
	json.WithUnmarshalers(json.UnmarshalFromFunc(func(in *jsontext.Decoder, t *time.Time) error {
		var at [2]int64
		err := json.UnmarshalDecode(in, &at)
		*t = time.Unix(at[0], at[1]).UTC()
		return err
	})),
)

// maxChunk is how many records are written together at most.
const maxChunk = 64

// chunked cuts records where the ID of one says so: so the chunks beside one that
// changes stay as they are.
func chunked(records []*record) (chunks []stateChunk) {
	for from, i := 0, 0; i < len(records); i++ {
		h := fnv.New32a()
		_, _ = io.WriteString(h, string(records[i].ID)) // a hash takes everything
		if n := i + 1 - from; n == maxChunk || h.Sum32()%(maxChunk/4) == 0 || i == len(records)-1 {
			chunks = append(chunks, stateChunk{records: records[from : i+1]})
			from = i + 1
		}
	}
	return chunks
}

// readState reads the state of a build; nil where there is none that can be read.
func readState(name, program string) *state {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	chunks, ok := splitChunks(src)
	if !ok || len(chunks) == 0 {
		return nil
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(runtime.GOMAXPROCS(0)), zstd.WithDecoderMaxMemory(1<<30))
	if err != nil {
		return nil
	}
	defer decoder.Close()
	st := &state{}
	decode := func(chunk []byte, into any) error {
		plain, err := decoder.DecodeAll(chunk, nil)
		if err != nil {
			return err
		}
		return json.Unmarshal(plain, into, stateForm)
	}
	if decode(chunks[0], st) != nil || st.Program != program {
		return nil
	}
	st.chunks = make([]stateChunk, len(chunks)-1)
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, packed := range chunks[1:] {
		st.chunks[i].packed = packed
		group.Go(func() error { return decode(packed, &st.chunks[i].records) })
	}
	if group.Wait() != nil {
		return nil
	}
	for _, c := range st.chunks {
		st.records = append(st.records, c.records...)
	}
	if len(st.records) != st.Records {
		return nil
	}
	return st
}

// write writes the state to a file. What the state before, nil for none, has
// written alike is taken from there.
func (st *state) write(name string, before *state) error {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(runtime.GOMAXPROCS(0)))
	if err != nil {
		return err
	}
	defer encoder.Close()
	st.Records = len(st.records)
	was := map[*record]stateChunk{} // by the first record
	if before != nil {
		for _, c := range before.chunks {
			if len(c.records) > 0 {
				was[c.records[0]] = c
			}
		}
	}
	st.chunks = chunked(st.records)
	encode := func(v any) ([]byte, error) {
		plain, err := json.Marshal(v, stateForm)
		return encoder.EncodeAll(plain, nil), err
	}
	var head []byte
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	group.Go(func() (err error) {
		head, err = encode(st)
		return err
	})
	for i := range st.chunks {
		c := &st.chunks[i]
		if old := was[c.records[0]]; slices.Equal(old.records, c.records) && !slices.ContainsFunc(c.records, (*record).isMade) {
			c.packed = old.packed
			continue
		}
		group.Go(func() (err error) {
			c.packed, err = encode(c.records)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("state of the build: %w", err)
	}
	packed := [][]byte{head}
	for _, c := range st.chunks {
		packed = append(packed, c.packed)
	}
	var out bytes.Buffer
	for _, c := range packed {
		_ = binary.Write(&out, binary.LittleEndian, uint32(len(c))) // a buffer does not fail
		out.Write(c)
	}
	return os.WriteFile(name, out.Bytes(), 0o600)
}

func splitChunks(src []byte) (chunks [][]byte, ok bool) {
	for len(src) > 0 {
		if len(src) < 4 {
			return nil, false
		}
		n := uint64(binary.LittleEndian.Uint32(src))
		if src = src[4:]; n > uint64(len(src)) {
			return nil, false
		}
		chunks = append(chunks, src[:n])
		src = src[n:]
	}
	return chunks, true
}

// executable is the hash of the program that runs, with its templates, texts and
// assets.
var executable = sync.OnceValues(func() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
})

// fingerprint is that of what makes the pages out of the catalogue: the program
// and its options.
func (s *Site) fingerprint(checked bool) (string, error) {
	program, err := executable()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	fmt.Fprintln(sum, program, checked)
	options := reflect.ValueOf(s.opt)
	for i := range options.NumField() {
		field := options.Type().Field(i)
		if kind := field.Type.Kind(); kind == reflect.Func || field.Name == "Logger" {
			continue
		}
		value, err := json.Marshal(options.Field(i).Interface(), stateForm)
		if err != nil {
			return "", fmt.Errorf("option %s: %w", field.Name, err)
		}
		fmt.Fprintf(sum, "%s %s\n", field.Name, value)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// digest is the hash of a value.
func digest(v any) (string, error) {
	src, err := json.Marshal(v, stateForm)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(src)
	return hex.EncodeToString(sum[:16]), nil
}
