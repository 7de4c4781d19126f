// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"slices"
	"strings"
)

// FixOptions say what Fix may do.
type FixOptions struct {
	// Version is the version of the standard, one of Versions, that the file
	// shall declare. "" takes the newest with which it has no more errors and
	// warnings than with its own.
	Version string
	// KeepVersion leaves the declared version as it is, where Version is "".
	KeepVersion bool
}

// Fixed is what came of Fix.
type Fixed struct {
	// Source is the mended file, in UTF-8 without a byte order mark; the very
	// bytes given where there was nothing to mend.
	Source []byte
	// Mended are the findings that are gone, in the order of mending, each with
	// its place in the text of that moment.
	Mended []Finding
	// Before is what Parse says of the file as it was, Result of Source.
	Before, Result *Result
}

const (
	// maxFixed bounds what Fix reads in all, in bytes, so that the time for a
	// hostile file stays near a second: a file of 4 KiB is read 1,000 times at
	// most, one of 1 MiB four times.
	maxFixed = 4 << 20
	// maxBatch bounds the remedies that are tried at once.
	maxBatch = 100
)

// Fix mends what is mechanical, and leaves all else byte for byte as it is:
// comments, order, quotation marks. A remedy stays only if another reading of
// the file shows that its finding is gone, that nothing else changed, and that
// no code is found oftener among errors and warnings than before. A file
// without any finding is left as it is, whatever version it declares, unless
// one is asked for, and so is one with more findings than a report holds. A
// second Fix finds nothing more to mend, but in files so large that the work had
// to be cut short.
func Fix(src []byte, opt FixOptions) *Fixed {
	result := Parse(src, Options{})
	untouched := &Fixed{Source: src, Before: result, Result: result}
	forced := opt.Version != "" && slices.Contains(Versions, opt.Version)
	if result.source == nil || len(result.Findings) == 0 && !forced {
		return untouched
	}
	x := &fixer{result: result, left: maxFixed}
	if forced {
		x.declare(opt.Version)
	}
	x.mend()
	if !forced && !opt.KeepVersion {
		for x.newer() {
		}
	}
	if bytes.Equal(x.result.source, result.source) && len(x.mended) == 0 {
		return untouched
	}
	return &Fixed{Source: x.result.source, Mended: x.mended, Before: result, Result: x.result}
}

// fixer is a file on its way through Fix.
type fixer struct {
	result *Result
	mended []Finding
	left   int // bytes that may still be read
}

func (x *fixer) parse(src []byte) *Result {
	x.left -= len(src)
	return Parse(src, Options{})
}

// mend applies remedies until none helps any more. Where there are more findings
// than a report holds, it cannot be told what a remedy did.
func (x *fixer) mend() {
	if x.result.count()["PC0014"] > 0 {
		return
	}
	for again := true; again && x.left > 0; {
		again = false
		refused := map[string]bool{}
		for limit := maxBatch; x.left > 0; {
			batch, w := x.batch(refused, limit)
			switch {
			case len(batch) == 0:
			case x.try(batch, w):
				limit = maxBatch
				again = again || len(refused) > 0
				continue
			case len(batch) > 1:
				limit = len(batch) / 2
				continue
			default:
				refused[identity(batch[0])] = true
				limit = maxBatch
				continue
			}
			break
		}
	}
}

func identity(f Finding) string {
	return f.Code + "\x00" + f.Key + "\x00" + strings.Join(f.Args, "\x00")
}

// batch collects remedies that do not get in each other's way.
func (x *fixer) batch(refused map[string]bool, limit int) ([]Finding, *rewrite) {
	l := newLayout(x.result)
	all := l.rewrite()
	var batch []Finding
	for _, f := range x.result.Findings {
		if len(batch) == limit {
			break
		}
		if slices.Contains(aboutVersion, f.Code) || refused[identity(f)] {
			continue
		}
		if w := l.remedy(f); w != nil && all.join(w) {
			batch = append(batch, f)
		}
	}
	return batch, all
}

// try takes over a rewrite that mends the findings and does no harm.
func (x *fixer) try(batch []Finding, w *rewrite) bool {
	next := x.rewritten(w)
	if next == nil {
		return false
	}
	gone := map[string]int{}
	for _, f := range batch {
		gone[f.Code]++
	}
	before, after := x.result.count(), next.count()
	for code, n := range gone {
		if after[code] > before[code]-n {
			return false
		}
	}
	for code, n := range after {
		if n > before[code] && messages[code].severity != Advice {
			return false
		}
	}
	x.result, x.mended = next, append(x.mended, batch...)
	return true
}

// rewritten reads the rewritten file; nil where it is not what was intended.
func (x *fixer) rewritten(w *rewrite) *Result {
	src, ok := w.apply()
	if !ok || len(src) > MaxSize {
		return nil
	}
	next := x.parse(src)
	if w.root != nil && (next.root == nil || !w.matches(w.root, next.root)) {
		return nil
	}
	return next
}

// count counts the findings by code.
func (r *Result) count() map[string]int {
	m := map[string]int{}
	for _, f := range r.Findings {
		m[f.Code]++
	}
	return m
}

// grave counts errors and warnings.
func (r *Result) grave() (errors, warnings int) {
	for _, f := range r.Findings {
		switch f.Severity {
		case Error:
			errors++
		case Warning:
			warnings++
		}
	}
	return errors, warnings
}

// declare sets the version of the standard.
func (x *fixer) declare(version string) bool {
	w := newLayout(x.result).rewrite()
	if !w.declare(version) {
		return false
	}
	next := x.rewritten(w)
	if next == nil {
		return false
	}
	before, after := x.result.count(), next.count()
	for _, f := range x.result.Findings {
		// PC0101 where the file declared none.
		if f.Key == rootKeys[0].name && after[f.Code] < before[f.Code] || slices.Contains(aboutVersion, f.Code) && after[f.Code] == 0 {
			x.mended = append(x.mended, f)
		}
	}
	x.result = next
	return true
}

// newer declares the newest version with which the file is, once mended, not
// worse than with its own.
func (x *fixer) newer() bool {
	errors, warnings := x.result.grave()
	for _, version := range slices.Backward(Versions) {
		if version == x.result.Version || x.left <= 0 {
			break
		}
		try := &fixer{result: x.result, mended: slices.Clone(x.mended), left: x.left}
		if !try.declare(version) {
			return false
		}
		try.mend()
		x.left = try.left
		if e, w := try.result.grave(); e <= errors && w <= warnings {
			x.result, x.mended = try.result, try.mended
			return true
		}
	}
	return false
}
