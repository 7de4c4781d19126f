// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import "time"

// Drift says how a fork stands to the original.
type Drift string

// What there is. A fork that has commits of its own and misses some has Diverged;
// it is Drifting where that is much, or has lasted, see Software.Drift.
const (
	Drifting     Drift = "drifting"
	Diverged     Drift = "diverged"
	AheadOnly    Drift = "ahead"  // has commits of its own and misses none
	BehindOnly   Drift = "behind" // has none of its own and misses some
	Identical    Drift = "identical"
	DriftUnknown Drift = "unknown"
)

// Drifts are all there are, what asks for most attention first.
func Drifts() []Drift {
	return []Drift{Drifting, Diverged, AheadOnly, BehindOnly, Identical, DriftUnknown}
}

// The thresholds of Drifting.
const (
	// DriftBehind is how many commits of the original a fork misses that has drifted
	// off, whatever their age.
	DriftBehind = 20
	// DriftAfter is how long the original has gone on after work in a fork that it
	// still does not have.
	DriftAfter = 180 * 24 * time.Hour
)

// Drift says how a fork of an entry stands to it. One that has diverged drifts where
// it misses at least DriftBehind commits, or where the entry was pushed to at least
// DriftAfter later than the oldest of Fork.Commits was made. It does not depend on
// the day on which it is asked: what nobody works on does not drift on.
func (s *Software) Drift(f Fork) Drift {
	if f.Ahead == nil || f.Behind == nil {
		return DriftUnknown
	}
	switch ahead, behind := *f.Ahead > 0, *f.Behind > 0; {
	case !ahead && !behind:
		return Identical
	case !behind:
		return AheadOnly
	case !ahead:
		return BehindOnly
	}
	if *f.Behind >= DriftBehind {
		return Drifting
	}
	for _, c := range f.Commits {
		if !c.Time.IsZero() && s.Repository.Pushed.Sub(c.Time) >= DriftAfter {
			return Drifting
		}
	}
	return Diverged
}

// Uncompared is why it is not known how far a fork and the original are apart.
type Uncompared string

// The reasons.
const (
	NotAskedYet  Uncompared = "pending"     // the forge is still to be asked
	OtherForge   Uncompared = "other-forge" // they lie on different ones
	NoComparison Uncompared = "no-compare"  // forges of this kind are not asked, or the branch is not known
	NotCompared  Uncompared = "refused"     // the forge refuses, or knows nothing that both have in common
	TooFarApart  Uncompared = "too-large"   // its answer is larger than is read
	CompareError Uncompared = "failed"      // it failed, and is asked again
)

// UncomparedReasons are all there are.
func UncomparedReasons() []Uncompared {
	return []Uncompared{NotAskedYet, OtherForge, NoComparison, NotCompared, TooFarApart, CompareError}
}

type inWords struct{ de, en string }

func (w inWords) in(lang string) string {
	if lang == "en" {
		return w.en
	}
	return w.de
}

var driftLabels = map[Drift]inWords{
	Drifting:     {"driftet auseinander", "drifting apart"},
	Diverged:     {"auf eigenem Weg", "diverged"},
	AheadOnly:    {"voraus", "ahead"},
	BehindOnly:   {"zurück", "behind"},
	Identical:    {"gleichauf", "identical"},
	DriftUnknown: {"nicht bekannt", "not known"},
}

var driftMeanings = map[Drift]inWords{
	Drifting: {
		"Die Kopie hat eigene Commits, die dem Original fehlen, und ihr fehlen viele des Originals, oder das Original ist seit einem halben Jahr ohne sie weitergegangen.",
		"The fork has commits that the original lacks, and lacks many of the original, or the original has gone on without them for half a year.",
	},
	Diverged: {
		"Die Kopie hat eigene Commits, die dem Original fehlen, und ihr fehlen einige des Originals.",
		"The fork has commits that the original lacks, and lacks some of the original.",
	},
	AheadOnly: {
		"Die Kopie hat alles, was das Original hat, und eigene Commits dazu: Sie ließen sich übernehmen.",
		"The fork has all that the original has, and commits of its own: these could be taken over.",
	},
	BehindOnly: {
		"Die Kopie hat nichts Eigenes; ihr fehlen Commits des Originals.",
		"The fork has nothing of its own; it lacks commits of the original.",
	},
	Identical:    {"Kopie und Original haben dieselben Commits.", "Fork and original have the same commits."},
	DriftUnknown: {"Es ist nicht bekannt, wie weit beide auseinander sind.", "How far both are apart is not known."},
}

var uncomparedMeanings = map[Uncompared]inWords{
	NotAskedYet:  {"Die Plattform wird noch gefragt.", "The forge is still to be asked."},
	OtherForge:   {"Kopie und Original liegen auf verschiedenen Plattformen, die einander nicht vergleichen.", "Fork and original lie on different forges, which do not compare each other."},
	NoComparison: {"Diese Plattform wird nicht nach Vergleichen gefragt, oder der Branch ist nicht bekannt.", "This forge is not asked for comparisons, or the branch is not known."},
	NotCompared:  {"Die Plattform vergleicht die beiden nicht.", "The forge does not compare the two."},
	TooFarApart:  {"Die Antwort der Plattform ist größer, als gelesen wird.", "The forge's answer is larger than is read."},
	CompareError: {"Die Plattform hat beim Vergleichen einen Fehler gemeldet; sie wird wieder gefragt.", "The forge failed to compare them; it is asked again."},
}

// Label names it in a word or two, in "de" or "en".
func (d Drift) Label(lang string) string { return driftLabels[d].in(lang) }

// Meaning says in a sentence what it means, in "de" or "en".
func (d Drift) Meaning(lang string) string { return driftMeanings[d].in(lang) }

// Meaning says in a sentence why, in "de" or "en".
func (u Uncompared) Meaning(lang string) string { return uncomparedMeanings[u].in(lang) }
