// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Bounds of a chart.
const (
	maxLines     = 5
	maxChartRows = 20
	maxChartDays = 31 // of the table by day
)

// The size of the drawing, in its own units; the page stretches it.
const (
	chartWidth  = 600
	chartHeight = 200
)

// chart shows numbers over time: lines for the greatest, a table for all.
type chart struct {
	ID, Title   string
	Description string       // of the drawing, in a sentence or two
	Note        string       // how it is counted; "" where that is plain
	Lines       []line       // none where there is one day only
	Grid        string       // path of the lines across
	Rim         [2]time.Time // what lies between, the first and the last day
	Ticks       []string
	Rows        []chartRow
	Rest        int // rows more than are shown
	Days        []chartDay
}

type line struct {
	Label  string
	Path   string
	Number int // from 1, its style
}

// chartRow is what was counted, at the first and the last day.
type chartRow struct {
	Label, Path   string // Path is that of a page about it; "" without one
	First, Latest int
	Change        string
}

// chartDay are the values of the lines on a day.
type chartDay struct {
	At     time.Time
	Values []int
}

// series is one thing that is counted day by day.
type series struct {
	Label, Short, Path string // Short stands for a long Label beside the lines
	Values             []int  // as many as there are days
}

// newChart draws series, in the order given.
func newChart(lang, id string, days []time.Time, all []series) chart {
	last := len(days) - 1
	c := chart{ID: id, Title: word(lang, "statistics", id), Rim: [2]time.Time{days[0], days[last]}}
	for _, s := range all {
		if len(c.Rows) == maxChartRows {
			c.Rest = len(all) - maxChartRows
			break
		}
		c.Rows = append(c.Rows, chartRow{s.Label, s.Path, s.Values[0], s.Values[last], formatChange(lang, s.Values[last]-s.Values[0])})
	}
	if last == 0 {
		return c
	}
	drawn := all[:min(len(all), maxLines)]
	most := 1
	for _, s := range drawn {
		most = max(most, slices.Max(s.Values))
	}
	step, top := scale(most)
	for v := top; v >= 0; v -= step {
		c.Ticks = append(c.Ticks, formatNumber(lang, v))
		c.Grid += "M0 " + coordinate(chartHeight*float64(top-v)/float64(top)) + "H" + strconv.Itoa(chartWidth)
	}
	told := make([]string, 0, len(drawn))
	for i, s := range drawn {
		c.Lines = append(c.Lines, line{cmp.Or(s.Short, s.Label), linePath(days, s.Values, top), i + 1})
		told = append(told, say(lang, "statistics.fromTo", s.Label, formatNumber(lang, s.Values[0]), formatNumber(lang, s.Values[last])))
	}
	c.Description = say(lang, "statistics.lines", formatDate(lang, days[0]), formatDate(lang, days[last])) + " " + strings.Join(told, "; ") + "."
	for _, i := range slices.Backward(spread(len(days), maxChartDays)) {
		d := chartDay{At: days[i]}
		for _, s := range drawn {
			d.Values = append(d.Values, s.Values[i])
		}
		c.Days = append(c.Days, d)
	}
	return c
}

// linePath is the path of a line that is broken nowhere.
func linePath(days []time.Time, values []int, top int) string {
	var b strings.Builder
	whole := days[len(days)-1].Sub(days[0])
	for i, v := range values {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(coordinate(chartWidth * float64(days[i].Sub(days[0])) / float64(whole)))
		b.WriteByte(' ')
		b.WriteString(coordinate(chartHeight * (1 - float64(v)/float64(top))))
	}
	return b.String()
}

func coordinate(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

// scale divides the numbers up to most into two to five steps of 1, 2 or 5 or
// ten, a hundred, … times as much.
func scale(most int) (step, top int) {
	for unit := 1; ; unit *= 10 {
		for _, of := range []int{1, 2, 5} {
			if step = of * unit; (most+step-1)/step <= 5 {
				return step, max(2, (most+step-1)/step) * step
			}
		}
	}
}

// spread are at most most of n indexes, from the first to the last.
func spread(n, most int) []int {
	most = min(n, most)
	all := make([]int, most)
	for i := range all {
		all[i] = i * (n - 1) / max(1, most-1)
	}
	return all
}

func formatChange(lang string, n int) string {
	switch {
	case n > 0:
		return "+" + formatNumber(lang, n)
	case n < 0:
		return "−" + formatNumber(lang, -n)
	}
	return "0"
}

// seriesOf makes a series of each value that the days count by, the one with
// most entries on the last day first.
func seriesOf(days []*registry.Day, counts func(*registry.Day) map[string]int, name func(value string) series) []series {
	by := map[string][]int{}
	for i, d := range days {
		for value, n := range counts(d) {
			if by[value] == nil {
				by[value] = make([]int, len(days))
			}
			by[value][i] = n
		}
	}
	values := make([]string, 0, len(by))
	for value := range by {
		values = append(values, value)
	}
	last := len(days) - 1
	slices.SortFunc(values, func(a, b string) int {
		return cmp.Or(by[b][last]-by[a][last], by[b][0]-by[a][0], strings.Compare(a, b))
	})
	all := make([]series, 0, len(values))
	for _, value := range values {
		one := name(value)
		one.Label, one.Values = shorten(one.Label, maxName), by[value]
		all = append(all, one)
	}
	return all
}
