// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// The content codings (RFC 9110, section 8.4.1, and RFC 8878).
const (
	codingGzip = "gzip"
	codingZstd = "zstd"
)

// codings are those that answers come in, the better first.
var codings = []string{codingZstd, codingGzip}

// small is below how many bytes a body is sent as it is: it would fit into as many
// packets.
const small = 1024

// encodable reports whether an answer gets smaller by a coding, whatever it holds.
// What is for one client alone is not encoded: its length would tell of it.
func (ans *answer) encodable() bool {
	if ans.stream != nil || ans.cache == cacheNever {
		return false
	}
	switch ans.contentType {
	case typeJSON, typeHTML, typeSPDX, typeYAML, typeCSV, typeAtom:
		return true
	}
	return false
}

// acceptable is what a client takes (RFC 9110, section 12.5.3).
type acceptable struct {
	coding   string // of codings, the one it likes best; "" for none
	encoding bool   // it does not take a body as it is
}

// accepted reads Accept-Encoding. An element that breaks the grammar is passed
// over.
func accepted(fields []string) acceptable {
	if len(fields) == 0 {
		return acceptable{}
	}
	const unsaid = -1.0
	weights, identity, others := [...]float64{unsaid, unsaid}, unsaid, unsaid
	for _, f := range fields {
		for element := range strings.SplitSeq(f, ",") {
			name, parameters, _ := strings.Cut(element, ";")
			weight, ok := weightOf(parameters)
			if !ok {
				continue
			}
			name = strings.ToLower(strings.Trim(name, " \t"))
			if name == "x-gzip" { // the same (RFC 9110, section 8.4.1.3)
				name = codingGzip
			}
			switch i := slices.Index(codings, name); {
			case i >= 0:
				weights[i] = max(weights[i], weight)
			case name == "identity":
				identity = weight
			case name == "*":
				others = weight
			}
		}
	}
	if identity == unsaid && others == 0 {
		identity = 0
	}
	best, least := "", max(identity, 0)
	for i, w := range weights {
		if w == unsaid {
			w = others
		}
		if w > 0 && (w > least || best == "" && w == least) {
			best, least = codings[i], w
		}
	}
	return acceptable{coding: best, encoding: best != "" && identity == 0}
}

// weightOf reads the weight behind a coding, 1 where there is none (RFC 9110,
// section 12.4.2).
func weightOf(parameters string) (weight float64, ok bool) {
	parameters = strings.Trim(parameters, " \t")
	if parameters == "" {
		return 1, true
	}
	if len(parameters) < 3 || !strings.EqualFold(parameters[:2], "q=") || len(parameters) > len("q=0.000") {
		return 0, false
	}
	digits := parameters[2:]
	if digits[0] != '0' && digits[0] != '1' || strings.Trim(digits, "0123456789.") != "" {
		return 0, false
	}
	weight, err := strconv.ParseFloat(digits, 64)
	return weight, err == nil && weight <= 1
}

// codingFor is the coding that an answer is sent in.
func (ans *answer) codingFor(takes acceptable) string {
	if !ans.encodable() || len(ans.body) < small && !takes.encoding {
		return ""
	}
	return takes.coding
}

// in is the answer in a coding; "" is as it is. It is made thoroughly where it will
// be sent many times, else fast.
func (ans *answer) in(coding string, thorough bool) *answer {
	if coding == "" || ans.coding == coding {
		return ans
	}
	other := *ans
	other.body, other.coding, other.etag = compress(ans.body, coding, thorough), coding, tagIn(ans.etag, coding)
	return &other
}

// deflater keeps writers of gzip for the next: making one takes longer than it
// writes.
type deflater struct{ writers sync.Pool }

func newDeflater(level int) *deflater {
	return &deflater{sync.Pool{New: func() any {
		w, err := gzip.NewWriterLevel(nil, level)
		if err != nil {
			panic(err) // a level that there is not
		}
		return w
	}}}
}

func (d *deflater) compress(body []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(body)/4 + 64)
	w := d.writers.Get().(*gzip.Writer)
	defer d.writers.Put(w)
	w.Reset(&b)
	_, _ = w.Write(body) // into memory, which cannot fail
	_ = w.Close()
	return b.Bytes()
}

// zstdWindow is how far back zstd looks: browsers refuse more than 8 MiB (RFC 9659),
// and each encoder keeps that much.
const zstdWindow = 1 << 20

var (
	deflaters = map[bool]*deflater{false: newDeflater(gzip.BestSpeed), true: newDeflater(6)}
	// The encoders are made at the first use.
	encoders = map[bool]func() *zstd.Encoder{
		false: sync.OnceValue(func() *zstd.Encoder { return newEncoder(zstd.SpeedFastest) }),
		true:  sync.OnceValue(func() *zstd.Encoder { return newEncoder(zstd.SpeedDefault) }),
	}
)

func newEncoder(level zstd.EncoderLevel) *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithWindowSize(zstdWindow), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic(err) // an option that there is not
	}
	return e
}

func compress(body []byte, coding string, thorough bool) []byte {
	if coding == codingZstd {
		return encoders[thorough]().EncodeAll(body, make([]byte, 0, len(body)/4+64))
	}
	return deflaters[thorough].compress(body)
}
