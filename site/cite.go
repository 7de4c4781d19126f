// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// citation is how to name the software in a text.
type citation struct {
	Text, BibTeX string
	Files        []file // in which the project says so itself
}

// readCitation names the rights holder, else the organisation, else the
// publisher as the author.
func (d *detail) readCitation(s *registry.Software, lang string) {
	author := cmp.Or(d.Owner, d.Organiser.Text, shorten(s.Publisher.Name, maxName), d.Name)
	address := cmp.Or(d.Repository.Href, "https://"+string(s.ID))
	seen := asOf(s)
	text := author + ": " + d.Name + "."
	if d.Version != "" {
		text += " " + say(lang, "cite.version", d.Version)
		if !d.Release.At.IsZero() {
			text += ", " + formatDate(lang, d.Release.At)
		}
		text += "."
	}
	text += " " + address
	if !seen.IsZero() {
		text += " " + say(lang, "cite.seen", formatDate(lang, seen))
	}
	fields := [][2]string{{"author", "{" + bibTeX.Replace(author) + "}"}, {"title", "{" + bibTeX.Replace(d.Name) + "}"}}
	if d.Version != "" {
		fields = append(fields, [2]string{"version", bibTeX.Replace(d.Version)})
	}
	year := seen
	if !d.Release.At.IsZero() {
		year = d.Release.At
		fields = append(fields, [2]string{"date", year.Format("2006-01-02")})
	}
	fields = append(fields, [2]string{"url", bibTeXAddress.Replace(address)})
	if !seen.IsZero() {
		fields = append(fields, [2]string{"urldate", seen.UTC().Format("2006-01-02")})
	}
	var b strings.Builder
	b.WriteString("@software{" + citeKey(d.Name))
	if !year.IsZero() {
		b.WriteString(strconv.Itoa(year.Year()))
	}
	for _, f := range fields {
		b.WriteString(",\n  " + f[0] + strings.Repeat(" ", 7-len(f[0])) + " = {" + f[1] + "}")
	}
	b.WriteString("\n}")
	d.Cite = citation{Text: text, BibTeX: b.String()}
	for _, f := range d.Files {
		if (f.Role == registry.RoleCitation || f.Role == registry.RoleCodemeta) && f.Href != "" {
			d.Cite.Files = append(d.Cite.Files, f)
		}
	}
}

// bibTeX escapes what TeX would read as a command.
var bibTeX = strings.NewReplacer(
	`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `%`, `\%`, `&`, `\&`, `#`, `\#`, `_`, `\_`, `$`, `\$`,
	`~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`,
)

// bibTeXAddress keeps the braces of an address from ending its field, which TeX
// reads as it is otherwise.
var bibTeXAddress = strings.NewReplacer(`{`, `%7B`, `}`, `%7D`, `\`, `%5C`)

// citeKey makes the first letters and digits of a name the key of its citation.
func citeKey(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(foldGerman.Replace(name)) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
		if b.Len() == 30 {
			break
		}
	}
	return cmp.Or(b.String(), "software")
}

var foldGerman = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "ae", "Ö", "oe", "Ü", "ue", "ß", "ss")

// badgeKinds are the badges that the API draws of an entry.
var badgeKinds = []string{"listed", "licence", "publiccode", "status", "adoptions"}

// badge is a picture that a project can show of its entry.
type badge struct{ Src, Text string }

// badges are all of an entry, with what is to be copied of the first.
type badges struct {
	Kinds          []badge
	Markdown, HTML string
}

// Badges are those of the entry with a path.
func (p *page) Badges(path, name string) badges {
	var all badges
	for _, kind := range badgeKinds {
		all.Kinds = append(all.Kinds, badge{
			p.site.prefix + "/v1/badges" + strings.TrimSuffix(strings.TrimPrefix(path, "/software"), "/") + "?" + url.Values{"kind": {kind}, "lang": {p.Lang}}.Encode(),
			name + ": " + word(p.Lang, "badge", kind),
		})
	}
	entry, one := p.Origin()+p.Href(path), all.Kinds[0]
	all.Markdown = "[![" + markdownText.Replace(one.Text) + "](" + p.Origin() + one.Src + ")](" + entry + ")"
	all.HTML = `<a href="` + attribute.Replace(entry) + `"><img src="` + attribute.Replace(p.Origin()+one.Src) + `" alt="` + attribute.Replace(one.Text) + `"></a>`
	return all
}

// markdownText keeps a name from ending the text of a link.
var markdownText = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `<`, `\<`, "`", "\\`", `*`, `\*`, `_`, `\_`)

var attribute = strings.NewReplacer(`&`, `&amp;`, `"`, `&quot;`, `<`, `&lt;`, `>`, `&gt;`)

// Letter is a link that begins a letter about the page.
func (p *page) Letter(subject string) string {
	return "mailto:?subject=" + url.PathEscape(subject) + "&body=" + url.PathEscape(p.Canonical())
}

// Security is the file that says where to report a vulnerability; nil for none.
func (d *detail) Security() *file { return d.file(registry.RoleSecurity) }

// Contributing is the file that says how to take part; nil for none.
func (d *detail) Contributing() *file { return d.file(registry.RoleContributing) }

// file finds the file that has a role.
func (d *detail) file(role registry.Role) *file {
	i := slices.IndexFunc(d.Files, func(f file) bool { return f.Role == role && f.Href != "" })
	if i < 0 {
		return nil
	}
	return &d.Files[i]
}
