// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"embed"
	"encoding/csv"
	"encoding/json"
	"slices"
	"sync"
)

//go:generate go run ../tools/licences -data data

// data are the facts of single licences as they are kept; sources.json says where
// each file is from.
//
//go:embed data/spdx_*.csv data/scancode_categories.csv data/network_clauses.csv
//go:embed data/choosealicense_rules.csv data/blueoak_ratings.csv
//go:embed data/eupl_appendix.csv data/sources.json
var data embed.FS

// The IDs of the sources.
const (
	fromSPDX           = "spdx"
	fromScanCode       = "scancode"
	fromChooseALicense = "choosealicense"
	fromBlueOak        = "blueoak"
	fromEUPL           = "eupl"
	fromHouse          = "house" // what follows from the licence's text, or from the words themselves
)

// Sources are those of all facts, for the page that names them.
func Sources() []Source { return slices.Clone(sources()) }

var sources = sync.OnceValue(func() []Source {
	src, err := data.ReadFile("data/sources.json")
	var all []Source
	if err == nil {
		err = json.Unmarshal(src, &all)
	}
	if err != nil {
		panic("licence: data/sources.json: " + err.Error()) // a fault of the build, which the tests find
	}
	return all
})

// table reads a file of data without its heading.
func table(name string) [][]string {
	f, err := data.Open("data/" + name)
	if err != nil {
		panic("licence: " + err.Error()) // as above
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic("licence: data/" + name + ": " + err.Error()) // as above
	}
	return rows[1:]
}
