// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// manifest is what one file says of the software. What it does not say is empty.
type manifest struct {
	source string // path in the repository

	name, title     string // a technical name, and one made for people
	description     string
	licences        []string // as written; several mean any of them
	repository      string
	homepage        string
	documentation   string
	version         string
	released        string // ISO 8601 date
	status          string // developmentStatus
	softwareType    string
	platforms       []string
	people          []publiccode.Contact
	copyrightHolder string
	server          bool // runs as a service
}

// manifests are the kinds of files that say what the software is, those made for
// people first, since the first one that says something is believed.
var manifests = []struct {
	pattern string
	read    func(src []byte, m *manifest)
}{
	{"codemeta.json", readCodeMeta},
	{"CITATION.cff", readCitation},
	{"package.json", readPackageJSON},
	{"pyproject.toml", readPyProject},
	{"setup.cfg", readSetupCfg},
	{"Cargo.toml", readCargo},
	{"composer.json", readComposer},
	{"pom.xml", readPOM},
	{"settings.gradle", readGradle},
	{"settings.gradle.kts", readGradle},
	{"build.gradle", readGradle},
	{"build.gradle.kts", readGradle},
	{"*.csproj", readCSProj},
	{"pubspec.yaml", readPubspec},
	{"Chart.yaml", readChart},
	{"app.json", readAppJSON},
	{"go.mod", readGoMod},
}

// maxProjects bounds the files of one kind, such as project files of .NET.
const maxProjects = 3

func readManifests(r *repository) []manifest {
	var out []manifest
	for _, kind := range manifests {
		names := r.all(kind.pattern)
		for _, name := range names[:min(len(names), maxProjects)] {
			if src := r.whole(name); src != nil {
				m := manifest{source: name}
				kind.read(src, &m)
				out = append(out, m)
			}
		}
	}
	return out
}

// claims are what the manifests say, in their order.
func claims(manifests []manifest, of func(manifest) string) []Claim {
	var out []Claim
	for _, m := range manifests {
		if text := cleanLine(of(m)); text != "" {
			out = append(out, Claim{text, m.source})
		}
	}
	return out
}

// person splits "Name <address> (web page)", as several kinds of manifests write
// it.
func person(s string) publiccode.Contact {
	name, rest, _ := strings.Cut(s, "<")
	email, _, closed := strings.Cut(rest, ">")
	name, _, _ = strings.Cut(name, "(")
	c := publiccode.Contact{Name: strings.TrimSpace(name)}
	if closed {
		c.Email = strings.TrimSpace(email)
	}
	return c
}

// guessContact takes one person whom a manifest names. An e-mail address is a
// person's own: it is taken from the place where it is public for this purpose,
// and from no other.
func (d *Draft) guessContact(r *repository, manifests []manifest) {
	const path = "maintenance.contacts[0]."
	for _, m := range manifests {
		i := slices.IndexFunc(m.people, func(c publiccode.Contact) bool { return cleanLine(c.Name) != "" })
		if i < 0 {
			continue
		}
		c := m.people[i]
		d.guess(path+"name", m.source, c.Name)
		if strings.Count(c.Email, "@") == 1 {
			d.guess(path+"email", m.source, c.Email)
		}
		d.guess(path+"affiliation", m.source, c.Affiliation)
		return
	}
	for _, name := range []string{"MAINTAINERS", "MAINTAINERS.md", "AUTHORS", "AUTHORS.md"} {
		if r.first(name) == "" {
			continue
		}
		for line := range strings.Lines(string(r.read(name))) {
			// Only lines of this form surely name a person.
			if c := person(strings.TrimLeft(line, "-*+ ")); c.Email != "" && c.Name != "" && !strings.HasPrefix(c.Name, "#") {
				d.guess(path+"name", name, c.Name)
				return
			}
		}
	}
}

// guessRelease takes version and date from the newest entry of the changelog,
// else from a manifest.
func (d *Draft) guessRelease(r *repository, manifests []manifest) {
	if version, date, source := newestChange(r); version != "" {
		d.guess("softwareVersion", source, version)
		d.guess("releaseDate", source, date)
		return
	}
	for _, m := range manifests {
		if v := cleanLine(m.version); v != "" && len(v) < 50 {
			d.guess("softwareVersion", m.source, v)
			if isDate(m.released) {
				d.guess("releaseDate", m.source, m.released)
			}
			return
		}
	}
}

// guessIdentity guesses name and addresses.
func (d *Draft) guessIdentity(r *repository, manifests []manifest, readmes []readme, dir string) {
	remote := originURL(r)
	d.guessURL(remote, manifests)
	for _, c := range claims(manifests, func(m manifest) string { return m.homepage }) {
		if u := webAddress(c.Text); u != "" && !sameAddress(u, d.values["url"].Text()) {
			d.guess("landingURL", c.Source, u)
			break
		}
	}

	names := claims(manifests, func(m manifest) string { return cmp.Or(m.title, m.name) })
	headings := []Claim{}
	for _, rm := range readmes {
		if rm.title != "" {
			headings = append(headings, Claim{rm.title, rm.source})
		}
	}
	folders := []Claim{}
	if remote != "" {
		folders = append(folders, Claim{lastPart(remote), gitConfig})
	}
	if dir = cleanLine(dir); dir != "" {
		folders = append(folders, Claim{dir, dir + "/"})
	}
	// What a heading writes for people is better than the same technically.
	for _, h := range headings {
		for _, n := range slices.Concat(names, folders) {
			if squeeze(h.Text) != "" && squeeze(h.Text) == squeeze(n.Text) {
				d.guess("name", h.Source, h.Text)
				return
			}
		}
	}
	all := slices.Concat(names, headings, folders)
	for _, c := range all {
		if len(c.Text) <= maxName {
			d.guess("name", c.Source, c.Text)
			return
		}
	}
}

// maxName is the longest text that passes for a name, in bytes.
const maxName = 60

func (d *Draft) guessURL(remote string, manifests []manifest) {
	v := Value{Path: "url", Confidence: Guess}
	if remote != "" {
		v.Texts, v.Source, v.Confidence = []string{remote}, gitConfig, Certain
	}
	for _, c := range claims(manifests, func(m manifest) string { return m.repository }) {
		switch u := repositoryURL(c.Text); {
		case u == "":
		case v.Texts == nil:
			v.Texts, v.Source = []string{u}, c.Source
		case !sameAddress(u, v.Texts[0]):
			v.Others = append(v.Others, Claim{u, c.Source})
			v.Confidence = Guess
		}
	}
	d.put(v)
}

// guessDescriptions takes the sentence of a manifest, and the texts of the README.
func (d *Draft) guessDescriptions(manifests []manifest, readmes []readme) {
	for _, rm := range readmes {
		lang := rm.language
		if len(rm.paragraphs) == 0 || lang == "" || d.has("description."+lang+".shortDescription") {
			continue
		}
		at := "description." + lang + "."
		d.guess(at+"shortDescription", rm.source, shorten(rm.paragraphs[0], maxShort))
		d.guess(at+"longDescription", rm.source, rm.long())
		d.guess(at+"features", rm.source, rm.features...)
	}
	if all := claims(manifests, func(m manifest) string { return m.description }); len(all) > 0 {
		lang := languageOf(all[0].Text)
		if lang == "" {
			// Too short to tell: the manifests of the world are in English, unless
			// everything else is not.
			lang = "en"
			if known := d.Languages(); len(known) > 0 {
				lang = known[0]
			}
		}
		d.guess("description."+lang+".shortDescription", all[0].Source, shorten(all[0].Text, maxShort))
	}
	for _, c := range claims(manifests, func(m manifest) string { return m.documentation }) {
		if u, known := webAddress(c.Text), d.Languages(); u != "" && len(known) > 0 {
			d.guess("description."+known[0]+".documentation", c.Source, u)
			return
		}
	}
}

// The bounds of the standard, in characters.
const (
	maxShort = 150
	minLong  = 150
	maxLong  = 10_000
)
