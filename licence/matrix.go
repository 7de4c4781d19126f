// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"sync"

	"github.com/allmende-registry/allmende/spdx"
)

// fromOSADL is the ID of the matrix among the sources.
const fromOSADL = "osadl"

//go:embed data/osadl_matrix.csv
var osadlMatrix []byte

// matrix says of pairs of licences whether a part under one may be in a work
// under the other. It is not symmetric, and what it does not name it does not
// cover.
type matrix struct {
	at    map[string]int
	cells [][]string // the leading licence, that of the whole, first
}

// The values of a cell.
const (
	cellSame    = "S"
	cellYes     = "Y"
	cellNo      = "N"
	cellOpen    = "U" // OSADL makes no statement
	cellDepends = "D" // on how the parts are combined
)

// covers reports a licence that has its own row and column.
func (m *matrix) covers(l spdx.Licence) bool {
	_, ok := m.at[l.String()]
	return ok
}

// cell returns the value for a part in a whole; "" where the matrix does not
// cover the pair.
func (m *matrix) cell(part, whole string) string {
	column, ok := m.at[part]
	row, okToo := m.at[whole]
	if !ok || !okToo {
		return ""
	}
	return m.cells[row][column]
}

// osadl is the compatibility matrix of OSADL, in which every row has the licence
// of the whole and every column that of a part.
var osadl = sync.OnceValue(func() *matrix {
	m, err := parseMatrix(osadlMatrix)
	if err != nil {
		panic(err) // a fault of the build, which the tests find
	}
	return m
})

func parseMatrix(src []byte) (*matrix, error) {
	rows, err := csv.NewReader(bytes.NewReader(src)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("licence: the OSADL matrix: %w", err)
	}
	if len(rows) < 2 || len(rows[0]) != len(rows) {
		return nil, fmt.Errorf("licence: the OSADL matrix is not square; fetch it again")
	}
	m := &matrix{at: map[string]int{}}
	for i, row := range rows[1:] {
		if row[0] != rows[0][i+1] {
			return nil, fmt.Errorf("licence: the OSADL matrix: row %d is of %q, but the column of %q; fetch it again", i+2, row[0], rows[0][i+1])
		}
		for _, c := range row[1:] {
			switch c {
			case cellSame, cellYes, cellNo, cellOpen, cellDepends:
			default:
				return nil, fmt.Errorf("licence: the OSADL matrix: row %d has a value %q that is not known; fetch it again", i+2, c)
			}
		}
		m.at[row[0]] = i
		m.cells = append(m.cells, row[1:])
	}
	return m, nil
}
