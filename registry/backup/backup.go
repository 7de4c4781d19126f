// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package backup keeps all that a registry holds in one file.
//
// The file is one stream of lines of JSON, compressed with Zstandard (RFC 8878),
// which the ordinary zstd program reads too. The first line is a header with the
// version of this format. Then come blocks: the lines of some records, one
// [registry.Record] each, and the line of the block with the SHA-256 of those
// before it, their newlines included. The last line has the number of blocks and
// records and the SHA-256 of the lines of all records. Nothing follows it.
package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/allmende-registry/allmende/registry"
)

// Version is the version of the file's format, and the only one that Read knows.
const Version = 1

const (
	format = "allmende-backup"
	// blockSize in bytes is what a block has at least, but for the last one.
	blockSize = 1 << 20
	// maxRecord bounds the line of a record, in bytes: four times the largest
	// file that is taken from a repository.
	maxRecord = 64 << 20
	maxWindow = 128 << 20 // of the compression, in bytes
)

// line is what is not a record.
type line struct {
	Format  string    `json:"format,omitempty"`
	Version int       `json:"version,omitempty"`
	Made    time.Time `json:"made,omitzero"`
	Block   *seal     `json:"block,omitempty"`
	Whole   *seal     `json:"whole,omitempty"`
}

type seal struct {
	Blocks  int    `json:"blocks,omitempty"` // of the whole
	Records int    `json:"records"`
	SHA256  string `json:"sha256"`
}

// Digest sums up a dump as it passes: dumps with the same records have the same
// digest, whatever store or file they come from. The zero value is ready.
type Digest struct {
	Rev     registry.Rev
	Records int
	kinds   map[string]int
	hash    hash.Hash
}

// Of hands on a dump and sums it up.
func (d *Digest) Of(dump iter.Seq2[registry.Record, error]) iter.Seq2[registry.Record, error] {
	return func(yield func(registry.Record, error) bool) {
		for r, err := range dump {
			if err == nil {
				_, err = d.add(&r)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// Count is how many records of a kind there were.
func (d *Digest) Count(kind string) int { return d.kinds[kind] }

// SHA256 is that of the lines of all records, hex.
func (d *Digest) SHA256() string {
	if d.hash == nil {
		d.hash = sha256.New()
	}
	return hex.EncodeToString(d.hash.Sum(nil))
}

// add returns the line of a record.
func (d *Digest) add(r *registry.Record) ([]byte, error) {
	if d.hash == nil {
		d.hash, d.kinds = sha256.New(), map[string]int{}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("%w: record %d: %w", registry.ErrInvalid, d.Records+1, err)
	}
	if out.Len() > maxRecord {
		return nil, fmt.Errorf("%w: record %d, of the kind %q, has %d bytes; at most %d are allowed",
			registry.ErrTooLarge, d.Records+1, r.Kind(), out.Len(), maxRecord)
	}
	if r.Head != nil {
		d.Rev = r.Head.Rev
	}
	d.Records++
	d.kinds[r.Kind()]++
	d.hash.Write(out.Bytes())
	return out.Bytes(), nil
}

// Write writes a dump to w, with the moment when it was made. A dump that
// registry.CheckDump refuses is an error, and what was written then is no backup.
func Write(w io.Writer, made time.Time, dump iter.Seq2[registry.Record, error]) (_ *Digest, err error) {
	packed, err := zstd.NewWriter(w)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, packed.Close()) }()
	lines := bufio.NewWriter(packed)
	put := func(l line) error {
		b, err := json.Marshal(l)
		if err == nil {
			_, err = lines.Write(append(b, '\n'))
		}
		return err
	}
	if err := put(line{Format: format, Version: Version, Made: made.UTC()}); err != nil {
		return nil, err
	}
	var whole Digest
	var block []byte
	var records, blocks int
	closeBlock := func() error {
		_, err := lines.Write(block)
		if err == nil {
			err = put(line{Block: &seal{Records: records, SHA256: sum(block)}})
		}
		block, records = block[:0], 0
		blocks++
		return err
	}
	for r, err := range registry.CheckDump(dump) {
		if err != nil {
			return nil, err
		}
		b, err := whole.add(&r)
		if err != nil {
			return nil, err
		}
		block = append(block, b...)
		if records++; len(block) >= blockSize || r.End != nil {
			if err := closeBlock(); err != nil {
				return nil, err
			}
		}
	}
	err = put(line{Whole: &seal{Blocks: blocks, Records: whole.Records, SHA256: whole.SHA256()}})
	return &whole, errors.Join(err, lines.Flush())
}

// withoutDocuments is the version of dumps that have everything else.
const withoutDocuments = 1

// Read yields the records of a backup, those of a block when its hash is right. A
// dump of a former version is yielded as one of registry.DumpVersion.
// What is no backup, is damaged or cut off, or has something behind its end, is
// ErrInvalid; what cannot be read is the error of r. It comes last. Records are
// not checked against each other; registry.CheckDump does that.
func Read(r io.Reader) iter.Seq2[registry.Record, error] {
	return func(yield func(registry.Record, error) bool) {
		source := &source{Reader: r}
		packed, err := zstd.NewReader(source, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true), zstd.WithDecoderConcurrency(1))
		if err == nil {
			defer packed.Close()
			rd := reader{lines: bufio.NewReaderSize(packed, 64<<10)}
			err = rd.read(yield)
		}
		switch {
		case err == nil || errors.Is(err, errStopped):
			return
		case source.err != nil:
			err = source.err
		case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
			err = fmt.Errorf("%w: the backup is cut off; take another one", registry.ErrInvalid)
		case !errors.Is(err, registry.ErrInvalid):
			err = fmt.Errorf("%w: no backup of Allmende, or a damaged one; take another one (%w)", registry.ErrInvalid, err)
		}
		yield(registry.Record{}, err)
	}
}

// source remembers an error of reading, which says nothing of what was read.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		s.err = err
	}
	return n, err
}

// errStopped says that the consumer wants no more.
var errStopped = errors.New("stopped")

type reader struct {
	lines  *bufio.Reader
	block  bytes.Buffer // lines of records that are not yielded yet
	blocks int
	whole  seal // so far
	hash   hash.Hash
}

func (r *reader) read(yield func(registry.Record, error) bool) error {
	first, err := r.line()
	if err != nil {
		return err
	}
	var head line
	if err := json.Unmarshal(first, &head); err != nil || head.Format != format {
		return fmt.Errorf("%w: the file is no backup of Allmende", registry.ErrInvalid)
	}
	if head.Version != Version {
		return fmt.Errorf("%w: the backup has the format %d, this program knows %d: take the program that made it, or a newer one",
			registry.ErrInvalid, head.Version, Version)
	}
	r.hash = sha256.New()
	for {
		b, err := r.line()
		if err != nil {
			return err
		}
		// Records begin with the name of their kind, which is none of these.
		isBlock, isWhole := bytes.HasPrefix(b, []byte(`{"block":`)), bytes.HasPrefix(b, []byte(`{"whole":`))
		if !isBlock && !isWhole {
			if r.block.Len() > blockSize {
				return fmt.Errorf("%w: the block %d is too large", registry.ErrInvalid, r.blocks+1)
			}
			r.block.Write(b)
			continue
		}
		var l line
		if err := json.Unmarshal(b, &l); err != nil {
			return fmt.Errorf("%w: after the block %d: %w", registry.ErrInvalid, r.blocks, err)
		}
		if l.Whole != nil {
			return r.end(l.Whole)
		}
		if err := r.yieldBlock(l.Block, yield); err != nil {
			return err
		}
	}
}

// line is the next one, with its newline, valid until the one after it.
func (r *reader) line() ([]byte, error) {
	var long []byte
	for {
		b, err := r.lines.ReadSlice('\n')
		switch {
		case err == nil && long == nil:
			return b, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(long)+len(b) > maxRecord:
			return nil, fmt.Errorf("%w: a record has over %d bytes", registry.ErrInvalid, maxRecord)
		}
		if long = append(long, b...); err == nil {
			return long, nil
		}
	}
}

func (r *reader) yieldBlock(want *seal, yield func(registry.Record, error) bool) error {
	r.blocks++
	b := r.block.Bytes()
	if want == nil || sum(b) != want.SHA256 || bytes.Count(b, []byte("\n")) != want.Records {
		return fmt.Errorf("%w: the block %d of the backup is damaged: its hash is another; take another backup", registry.ErrInvalid, r.blocks)
	}
	r.hash.Write(b)
	for l := range bytes.Lines(b) {
		r.whole.Records++
		var record registry.Record
		dec := json.NewDecoder(bytes.NewReader(l))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&record); err != nil {
			return fmt.Errorf("%w: record %d of the backup, in block %d: %w", registry.ErrInvalid, r.whole.Records, r.blocks, err)
		}
		if record.Head != nil && record.Head.Version == withoutDocuments {
			record.Head.Version = registry.DumpVersion
		}
		if !yield(record, nil) {
			return errStopped
		}
	}
	r.block.Reset()
	return nil
}

func (r *reader) end(want *seal) error {
	if r.block.Len() > 0 || r.blocks != want.Blocks || r.whole.Records != want.Records || hex.EncodeToString(r.hash.Sum(nil)) != want.SHA256 {
		return fmt.Errorf("%w: the backup is damaged: it has %d records in %d blocks, of %d in %d, or another hash",
			registry.ErrInvalid, r.whole.Records, r.blocks, want.Records, want.Blocks)
	}
	if _, err := r.lines.ReadByte(); err == nil {
		return fmt.Errorf("%w: the backup has something behind its end", registry.ErrInvalid)
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
