// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/allmende-registry/allmende/registry/export"
)

const (
	bulkPath     = "/v1/catalogue."
	typeNDJSON   = "application/x-ndjson"
	bulkSchema   = "software.json" // among the schemas
	maxDownloads = 64              // of the whole catalogue at once
	// bulkShare is how much of the time the catalogue is written for others at most,
	// where it changes all the time: one part in so many.
	bulkShare = 20
	// bulkPatience is how long who asks first waits until it is written.
	bulkPatience = 5 * time.Minute
)

// bulk keeps the whole catalogue in files: written once for all who ask, anew when
// somebody asks after a change. Meanwhile the former one is handed out, which says
// of which revision it is. At most two are on disk, without names, so that they are
// gone with the process.
type bulk struct {
	from export.Source

	mu     sync.Mutex
	newest *edition // nil for none
	err    error    // why there is none
	making chan struct{}
	again  time.Time // not made anew before
}

// edition is the catalogue at a revision. Its files are closed when nobody holds it.
type edition struct {
	*export.Export
	formats []export.Format
	files   map[string]map[string]*bulkFile // by format and coding
}

// bulkFile is one format in one coding.
type bulkFile struct {
	*os.File
	size int64
	sum  hash.Hash // SHA-256 of the bytes in the file
	end  func() error
}

// newBulkFile makes a file without a name.
func newBulkFile() (*bulkFile, error) {
	f, err := os.CreateTemp("", "allmende-catalogue-*")
	if err != nil {
		return nil, fmt.Errorf("the catalogue cannot be written to a temporary file, see TMPDIR: %w", err)
	}
	_ = os.Remove(f.Name()) // where that is not possible it stays until the machine tidies up
	return &bulkFile{File: f, sum: sha256.New()}, nil
}

// Write appends bytes as they are served.
func (f *bulkFile) Write(b []byte) (int, error) {
	n, err := f.File.Write(b)
	f.size += int64(n)
	_, _ = f.sum.Write(b[:n])
	return n, err
}

// in returns what writes into the file in a coding. end is to be called in the end.
func (f *bulkFile) in(coding string) (w io.Writer, err error) {
	f.end = func() error { return nil }
	switch coding {
	case codingGzip:
		z, err := gzip.NewWriterLevel(f, 6)
		if err != nil {
			return nil, err
		}
		f.end = z.Close
		return z, nil
	case codingZstd:
		z, err := zstd.NewWriter(f, zstd.WithWindowSize(zstdWindow), zstd.WithLowerEncoderMem(true), zstd.WithEncoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		f.end = z.Close
		return z, nil
	}
	return f, nil
}

// get is the newest edition, and one of an earlier revision while the newest is
// being written.
func (b *bulk) get(ctx context.Context) (*edition, error) {
	rev, err := b.from.Rev(ctx)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	if current := b.newest != nil && b.newest.Rev == rev; !current && b.making == nil && !time.Now().Before(b.again) {
		b.making = make(chan struct{})
		go b.make(context.WithoutCancel(ctx)) // for others too, who do not go when this one does
	}
	made, making := b.newest, b.making
	b.mu.Unlock()
	if made != nil {
		return made, nil
	}
	if making != nil {
		ctx, stop := context.WithTimeout(ctx, bulkPatience)
		defer stop()
		select {
		case <-making:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.newest == nil {
		return nil, b.err
	}
	return b.newest, nil
}

// make writes an edition.
func (b *bulk) make(ctx context.Context) {
	start := time.Now()
	made, err := func() (e *edition, err error) {
		defer func() {
			if r := recover(); r != nil { // here nobody else would
				err = fmt.Errorf("the catalogue cannot be written: panic: %v", r)
			}
		}()
		return newEdition(ctx, b.from)
	}()
	if errors.Is(err, export.ErrBusy) {
		err = fmt.Errorf("%w: %w", errBusy, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err = err; err == nil {
		b.newest = made
	}
	b.again = time.Now().Add(bulkShare * time.Since(start))
	close(b.making)
	b.making = nil
}

// newEdition writes the catalogue in every format and coding, reading it once.
func newEdition(ctx context.Context, from export.Source) (*edition, error) {
	var e *edition
	done, err := export.Write(ctx, from, func() (outputs []export.Output, err error) {
		e = &edition{formats: export.Formats(), files: map[string]map[string]*bulkFile{}}
		for _, format := range e.formats {
			files := map[string]*bulkFile{}
			var to []io.Writer
			for _, coding := range slices.Concat([]string{""}, codings) {
				f, err := newBulkFile()
				if err != nil {
					return nil, err
				}
				w, err := f.in(coding)
				if err != nil {
					return nil, err
				}
				files[coding] = f
				to = append(to, w)
			}
			e.files[format.Name] = files
			outputs = append(outputs, export.Output{Format: format, To: io.MultiWriter(to...)})
		}
		return outputs, nil
	})
	if err != nil {
		return nil, err
	}
	for _, files := range e.files {
		for _, f := range files {
			if err := f.end(); err != nil {
				return nil, err
			}
		}
	}
	e.Export = done
	return e, nil
}

// modified is when the catalogue came to the revision, as HTTP writes it; the
// beginning of time where it is empty.
func (e *edition) modified() string {
	at := e.Changed
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	return at.UTC().Format(http.TimeFormat)
}

// bulkOf hands out the whole catalogue in a format.
func (a *api) bulkOf(name string) handler {
	return func(c *gin.Context) (*answer, error) {
		newPaced(c.Writer, maxStall).extend(bulkPatience)
		e, err := a.bulk.get(c.Request.Context())
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(e.formats, func(f export.Format) bool { return f.Name == name })
		coding := accepted(c.Request.Header["Accept-Encoding"]).coding
		f := e.files[name][coding]
		sum := f.sum.Sum(nil)
		return &answer{
			contentType: e.formats[i].Media,
			coding:      coding,
			etag:        `"` + e.Written[i].SHA256 + `"`,
			cache:       cacheMinute,
			vary:        "Accept-Encoding",
			header: map[string]string{
				"Content-Length":      strconv.FormatInt(f.size, 10),
				"Content-Disposition": fmt.Sprintf(`attachment; filename="catalogue-%s-%d.%s"`, e.Changed.UTC().Format(time.DateOnly), e.Rev, name),
				"Last-Modified":       e.modified(),
				"Repr-Digest":         "sha-256=:" + base64.StdEncoding.EncodeToString(sum) + ":", // RFC 9530
			},
			stream: func(c *gin.Context) {
				// An error here means that the client has gone: there is nobody to tell.
				_, _ = io.Copy(newPaced(c.Writer, maxStall), io.NewSectionReader(f, 0, f.size))
			},
		}, nil
	}
}

// describeBulk tells what the files of the whole catalogue are.
func (a *api) describeBulk(c *gin.Context) (*answer, error) {
	newPaced(c.Writer, maxStall).extend(bulkPatience)
	e, err := a.bulk.get(c.Request.Context())
	if err != nil {
		return nil, err
	}
	m := e.Manifest(e.formats)
	m.Licence, m.Schema = a.licensing, a.link("/v1/schema/"+bulkSchema)
	for i, format := range e.formats {
		m.Files[i].URL = a.link(bulkPath + format.Name)
		m.Files[i].Encoded = map[string]int64{}
		for _, coding := range codings {
			m.Files[i].Encoded[coding] = e.files[format.Name][coding].size
		}
	}
	ans, err := jsonAnswer(m)
	if err == nil {
		ans.header = map[string]string{"Last-Modified": e.modified()}
	}
	return ans, err
}
