// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"strings"
	"testing"
)

// TestEnds marks with § where a finding begins and with ¶ where it ends.
func TestEnds(t *testing.T) {
	for _, marked := range []string{
		"§name¶: Fahrradkeller\n",
		"name: §Fahrrad keller¶ # gut\n",
		"name: §Fahrrad#keller:x¶\n",
		"name: §\"Fahrrad: \\\"keller\\\" # x\"¶ # gut\n",
		"name: §'Fahr''rad'¶\n",
		"name: §\"über\n  zwei\n  Zeilen\"¶\n",
		"name: §&n Fahrrad¶\n",
		"text: §|\n  eins\n\n  zwei¶\n\nname: x\n",
		"- §>-\n  eins¶\n- zwei\n",
		"- text: §|\n    eins¶\n  name: x\n",
		"a:\n  - - text: §>\n        eins¶\n      name: x\n",
		"list: [§a b¶, c]\n",
		"list: §[a, \"]\", {b: c}]¶ # x\n",
		"list: §[a, # ]\n  b]¶\n",
		"list: [it's, §b¶]\n",
		"map: §{a: b}¶\n",
		"map: {§a¶: b}\n",
		"§über¶: x\n",
		"name:§¶\n",
		"name: §x¶\r\nurl: y\r\n",
	} {
		begin, end := strings.Index(marked, "§"), strings.Index(marked, "¶")
		place := func(i int) position {
			before := strings.NewReplacer("§", "", "¶", "").Replace(marked[:i])
			return position{1 + strings.Count(before, "\n"), 1 + len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))}
		}
		src := strings.NewReplacer("§", "", "¶", "").Replace(marked)
		if got, want := newText([]byte(src)).end(place(begin)), place(end); got != want {
			t.Errorf("%q: ends at %v, want %v", marked, got, want)
		}
	}
}
