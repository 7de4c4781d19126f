// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// object is a JSON object, or a table of TOML, of which nothing is sure.
type object map[string]any

// readJSON returns nil, which is as good as an empty object, for what is none.
func readJSON(src []byte) object {
	var o object
	if json.Unmarshal(src, &o) != nil {
		return nil
	}
	return o
}

// text returns the text at a path of keys, "" where there is none.
func (o object) text(path ...string) string {
	s, _ := o.at(path...).(string)
	return s
}

// sub returns the object at a path of keys, nil where there is none.
func (o object) sub(path ...string) object { return asObject(o.at(path...)) }

// list returns the entries at a path of keys; a single value is the only entry.
func (o object) list(path ...string) []any {
	switch v := o.at(path...).(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

func (o object) at(path ...string) any {
	var v any = map[string]any(o)
	for _, key := range path {
		v = asObject(v)[key]
	}
	return v
}

func asObject(v any) object {
	switch v := v.(type) {
	case map[string]any:
		return v
	case object:
		return v
	}
	return nil
}

func isPrivate(o object) bool { b, _ := o["private"].(bool); return b }

// readPackageJSON: https://docs.npmjs.com/cli/configuring-npm/package-json
func readPackageJSON(src []byte, m *manifest) {
	o := readJSON(src)
	m.name = o.text("name")
	if _, name, ok := strings.Cut(m.name, "/"); ok && strings.HasPrefix(m.name, "@") {
		m.name = name
	}
	m.title = o.text("displayName")
	m.description = o.text("description")
	m.version = o.text("version")
	m.homepage = o.text("homepage")
	m.repository = cmp.Or(o.text("repository"), o.text("repository", "url"))
	for _, l := range slices.Concat(o.list("license"), o.list("licenses")) {
		s, _ := l.(string)
		m.addLicence(cmp.Or(s, asObject(l).text("type")))
	}
	for _, p := range slices.Concat(o.list("maintainers"), o.list("author"), o.list("contributors")) {
		if s, ok := p.(string); ok {
			m.people = append(m.people, person(s))
			continue
		}
		p := asObject(p)
		m.people = append(m.people, publiccode.Contact{Name: p.text("name"), Email: p.text("email")})
	}

	uses := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool {
			return o.text("dependencies", n) != "" || o.text("devDependencies", n) != ""
		})
	}
	switch {
	case uses("electron"):
		m.softwareType, m.platforms = "standalone/desktop", []string{"linux", "mac", "windows"}
	case uses("react-native", "expo", "@capacitor/core", "cordova"):
		m.softwareType = "standalone/mobile"
	case uses("next", "nuxt", "@angular/core", "@sveltejs/kit", "gatsby", "astro"):
		m.softwareType, m.platforms = "standalone/web", []string{"web"}
	case !isPrivate(o) && (o["main"] != nil || o["exports"] != nil || o["module"] != nil) && o["bin"] == nil:
		m.softwareType = "library"
	}
}

// readComposer: https://getcomposer.org/doc/04-schema.md
func readComposer(src []byte, m *manifest) {
	o := readJSON(src)
	m.name = o.text("name")
	if _, name, ok := strings.Cut(m.name, "/"); ok {
		m.name = name
	}
	m.description = o.text("description")
	m.version = o.text("version")
	m.homepage = o.text("homepage")
	m.repository = o.text("support", "source")
	m.documentation = o.text("support", "docs")
	for _, l := range o.list("license") {
		s, _ := l.(string)
		m.addLicence(s)
	}
	for _, p := range o.list("authors") {
		p := asObject(p)
		m.people = append(m.people, publiccode.Contact{Name: p.text("name"), Email: p.text("email")})
	}
	switch kind := o.text("type"); {
	case kind == "library":
		m.softwareType = "library"
	case kind == "project":
		m.softwareType, m.platforms = "standalone/web", []string{"web"}
	case strings.HasSuffix(kind, "-plugin"), strings.HasSuffix(kind, "-module"), strings.HasSuffix(kind, "-extension"), strings.HasSuffix(kind, "-bundle"), strings.HasSuffix(kind, "-theme"):
		m.softwareType = "addon"
	}
}

// readCodeMeta: https://codemeta.github.io/terms/
func readCodeMeta(src []byte, m *manifest) {
	o := readJSON(src)
	m.title = o.text("name")
	m.description = o.text("description")
	m.version = cmp.Or(o.text("version"), o.text("softwareVersion"))
	m.released = o.text("dateModified")
	if o.text("version") == "" || m.released == "" {
		m.released = o.text("datePublished")
	}
	m.homepage = o.text("url")
	m.repository = o.text("codeRepository")
	for _, l := range o.list("license") {
		s, _ := l.(string)
		m.addLicence(cmp.Or(s, asObject(l).text("url"), asObject(l).text("name")))
	}
	// Its words are those of https://www.repostatus.org
	switch status := o.text("developmentStatus"); status[strings.LastIndex(status, "#")+1:] {
	case "concept":
		m.status = "concept"
	case "wip":
		m.status = "development"
	case "active", "inactive":
		m.status = "stable"
	case "suspended", "abandoned", "unsupported":
		m.status = "obsolete"
	}
	for _, p := range slices.Concat(o.list("maintainer"), o.list("author")) {
		p := asObject(p)
		m.people = append(m.people, publiccode.Contact{
			Name:        cmp.Or(strings.TrimSpace(p.text("givenName")+" "+p.text("familyName")), p.text("name")),
			Email:       p.text("email"),
			Affiliation: p.text("affiliation", "name"),
		})
	}
	if holder := o.sub("copyrightHolder"); holder != nil {
		m.copyrightHolder = holder.text("name")
	}
}

// readAppJSON reads the app.json of Expo and of Heroku.
func readAppJSON(src []byte, m *manifest) {
	o := readJSON(src)
	if expo := o.sub("expo"); expo != nil {
		m.title, m.version, m.softwareType = expo.text("name"), expo.text("version"), "standalone/mobile"
		for _, p := range expo.list("platforms") {
			if s, ok := p.(string); ok && slices.Contains(publiccode.Platforms(), s) {
				m.platforms = append(m.platforms, s)
			}
		}
		return
	}
	m.title = cmp.Or(o.text("displayName"), o.text("name"))
	m.description = o.text("description")
	m.homepage = o.text("website")
	m.repository = o.text("repository")
}
