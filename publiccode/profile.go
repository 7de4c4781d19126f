// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"sync"
)

// Profile is what somebody asks of a publiccode.yml, and of the repository
// around it, beyond the standard: a set of rules, as data.
type Profile struct {
	Name             string // opencode
	TitleDE, TitleEN string
	AboutDE, AboutEN string // what it is for, in a sentence or two
	Source           string // the address of what it rests on
	// Rules are those of the profile after those of the profiles it extends.
	Rules []ProfileRule
}

// ProfileRule is one thing that a profile asks for.
type ProfileRule struct {
	Code     string // PC0601; those of an operator begin with letters of its own
	Severity Severity
	Key      string  // the path that a finding points at; "" for the whole file
	Wording  Wording // of the finding; {0} stands for the value of the key

	holds condition
}

// Title is the name of the profile in German ("de") or English (all other tags).
func (p *Profile) Title(lang string) string {
	if isGerman(lang) {
		return p.TitleDE
	}
	return p.TitleEN
}

// About says what the profile is for.
func (p *Profile) About(lang string) string {
	if isGerman(lang) {
		return p.AboutDE
	}
	return p.AboutEN
}

//go:embed profiles/*.yml
var profileFiles embed.FS

// builtIn reads the profiles in an order in which each can extend those before it.
var builtIn = sync.OnceValue(func() []*Profile {
	var all []*Profile
	for _, name := range []string{"standard", "opencode", "reuse-ready"} {
		src, err := profileFiles.ReadFile("profiles/" + name + ".yml")
		if err != nil {
			panic(err) // a file of the build, read by every test
		}
		p, err := parseProfile(src, all, true)
		if err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	return all
})

// Profiles returns the built-in profiles: standard, which asks for nothing
// beyond the standard, opencode and reuse-ready.
func Profiles() []*Profile { return slices.Clone(builtIn()) }

// FindProfile returns the built-in profile with a name.
func FindProfile(name string) (*Profile, bool) {
	for _, p := range builtIn() {
		if p.Name == name {
			return p, true
		}
	}
	return nil, false
}

// ParseProfile reads the profile of an operator; docs/profiles.md describes the
// format. It may extend the built-in profiles. The error names every mistake,
// one a line, with its line and key and what to do.
func ParseProfile(src []byte) (*Profile, error) { return parseProfile(src, builtIn(), false) }

// Place is where a publiccode.yml was found. Each field may be zero: unknown.
type Place struct {
	// FileName is the path of the file within its repository: publiccode.yml.
	FileName string
	// Files are the files of the repository, from its root. They are read within
	// bounds and need not be trustworthy. Where folders cannot be listed, what
	// asks for files is answered by opening those with plain names.
	Files fs.FS
}

// CheckProfile adds a finding for every rule of the profile that is not kept.
// It returns the codes of the rules that could not be checked, for want of the
// file name or the files of the repository, because these could not be read, or
// because the publiccode.yml, or its licence, could not be understood. They are
// neither kept nor broken.
func (r *Result) CheckProfile(p *Profile, at Place) (unchecked []string) {
	look := &inspection{result: r, fileName: at.FileName}
	if at.FileName != "" {
		look.fileName = path.Clean(at.FileName)
	}
	if at.Files != nil {
		look.files = &checkout{files: at.Files}
	}
	var broken []Finding
	for i := range p.Rules {
		rule := &p.Rules[i]
		switch rule.holds(look) {
		case no:
			broken = append(broken, rule.finding(r))
		case unknown:
			unchecked = append(unchecked, rule.Code)
		}
	}
	for _, f := range broken {
		r.add(f)
	}
	return unchecked
}

func (rule *ProfileRule) finding(r *Result) Finding {
	f := Finding{Code: rule.Code, Severity: rule.Severity, Key: rule.Key, Wording: &rule.Wording}
	f.Args = []string{"–"} // there is no value, or it is a section
	if values := r.values(rule.Key); len(values) > 0 {
		f.Args = values[:1]
	}
	return f
}
