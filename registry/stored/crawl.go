// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package stored

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// EncodeVisit is the document of a visit without Seen, and Seen.
func (f Form) EncodeVisit(v *registry.Visit) (document, seen string, err error) {
	c := *v
	c.Time, c.Seen = c.Time.UTC(), time.Time{}
	if document, err = f.Encode(&c); err != nil {
		err = fmt.Errorf("the visit of %s %w", v.Repo, err)
	}
	return document, FormatSeen(v.Seen), err
}

// ScanVisit reads document and seen of a row, and more behind them.
func (f Form) ScanVisit(row Row, more ...any) (*registry.Visit, error) {
	var document, seen string
	if err := row.Scan(append([]any{&document, &seen}, more...)...); err != nil {
		return nil, err
	}
	return f.visit(document, seen)
}

func (f Form) visit(document, seen string) (*registry.Visit, error) {
	v, err := DecodeIn[registry.Visit](f, document)
	if err == nil && seen != "" {
		if v.Seen, err = time.Parse(time.RFC3339Nano, seen); err != nil {
			err = Damaged(err)
		}
	}
	return v, err
}

// FormatSeen keeps every nanosecond: what a listing has seen is compared with
// when it began.
func FormatSeen(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// VisitsQuery asks for visits after a key, the last parameter. With several
// outcomes the rows of each are read in order of the key, to be merged, so that no
// page is sorted. The columns are document, seen and key.
func VisitsQuery(source string, outcomes []registry.Outcome) (query string, args []any) {
	var where string
	if source != "" {
		args = append(args, source)
		where = "source = $1 AND "
	}
	outcomes = slices.Compact(slices.Sorted(slices.Values(outcomes)))
	wheres := []string{where}
	if len(outcomes) > 0 {
		wheres = wheres[:0]
	}
	for _, o := range outcomes {
		args = append(args, o)
		wheres = append(wheres, fmt.Sprintf("%soutcome = $%d AND ", where, len(args)))
	}
	selects := make([]string, len(wheres))
	for i, where := range wheres {
		selects[i] = fmt.Sprintf("SELECT document, seen, key FROM visit WHERE %skey > $%d", where, len(args)+1)
	}
	return strings.Join(selects, " UNION ALL "), args
}

// EncodeState is the document of the state of a source.
func (f Form) EncodeState(s *registry.SourceState) (string, error) {
	c := *s
	c.Started, c.Finished, c.Next = c.Started.UTC(), c.Finished.UTC(), c.Next.UTC()
	document, err := f.Encode(&c)
	if err != nil {
		err = fmt.Errorf("the state of the source %s %w", s.Source, err)
	}
	return document, err
}
