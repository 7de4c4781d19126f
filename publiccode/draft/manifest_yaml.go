// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"github.com/allmende-registry/allmende/publiccode"
)

var errTooDeep = errors.New("too deep")

// readYAML fills v with the first document; v stays as it is where it is none.
func readYAML(src []byte, v any) {
	limits := loaderlimits.New(loaderlimits.DepthFunc(func(depth int, _ *loaderlimits.DepthContext) error {
		if depth > 40 {
			return errTooDeep
		}
		return nil
	}))
	loader, err := yaml.NewLoader(strings.NewReader(string(src)), yaml.WithPlugin(limits))
	if err != nil {
		return
	}
	if err := loader.Load(v); err != nil && !errors.Is(err, io.EOF) {
		return // of which v holds as much as fitted
	}
}

// textOrList is a text, or a list of texts.
type textOrList []string

// UnmarshalYAML takes what is text and passes over the rest.
func (t *textOrList) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*t = textOrList{n.Value}
	}
	for _, c := range n.Content {
		if n.Kind == yaml.SequenceNode && c.Kind == yaml.ScalarNode {
			*t = append(*t, c.Value)
		}
	}
	return nil
}

func (t textOrList) text() string {
	if len(t) == 0 {
		return ""
	}
	return t[0]
}

// readCitation: https://citation-file-format.github.io
func readCitation(src []byte, m *manifest) {
	type someone struct {
		Given       textOrList `yaml:"given-names"`
		Family      textOrList `yaml:"family-names"`
		Name        textOrList `yaml:"name"`
		Email       textOrList `yaml:"email"`
		Affiliation textOrList `yaml:"affiliation"`
	}
	var c struct {
		Title      textOrList `yaml:"title"`
		Abstract   textOrList `yaml:"abstract"`
		Licence    textOrList `yaml:"license"`
		Repository textOrList `yaml:"repository-code"`
		URL        textOrList `yaml:"url"`
		Version    textOrList `yaml:"version"`
		Released   textOrList `yaml:"date-released"`
		Contact    []someone  `yaml:"contact"`
		Authors    []someone  `yaml:"authors"`
	}
	readYAML(src, &c)
	m.title = c.Title.text()
	m.description = c.Abstract.text()
	m.licences = c.Licence
	m.repository = c.Repository.text()
	m.homepage = c.URL.text()
	m.version = c.Version.text()
	m.released = c.Released.text()
	for _, p := range slices.Concat(c.Contact, c.Authors) {
		m.people = append(m.people, publiccode.Contact{
			Name:        cmp.Or(strings.TrimSpace(p.Given.text()+" "+p.Family.text()), p.Name.text()),
			Email:       p.Email.text(),
			Affiliation: p.Affiliation.text(),
		})
	}
}

// readPubspec: https://dart.dev/tools/pub/pubspec
func readPubspec(src []byte, m *manifest) {
	var p struct {
		Name          textOrList     `yaml:"name"`
		Description   textOrList     `yaml:"description"`
		Version       textOrList     `yaml:"version"`
		Homepage      textOrList     `yaml:"homepage"`
		Repository    textOrList     `yaml:"repository"`
		Documentation textOrList     `yaml:"documentation"`
		Dependencies  map[string]any `yaml:"dependencies"`
	}
	readYAML(src, &p)
	m.name = p.Name.text()
	m.description = p.Description.text()
	m.version, _, _ = strings.Cut(p.Version.text(), "+") // behind it stands the number of the build
	m.homepage = p.Homepage.text()
	m.repository = p.Repository.text()
	m.documentation = p.Documentation.text()
	if _, ok := p.Dependencies["flutter"]; ok {
		m.softwareType = "standalone/mobile"
	}
}

// readChart: https://helm.sh/docs/topics/charts/
func readChart(src []byte, m *manifest) {
	var c struct {
		Name        textOrList `yaml:"name"`
		Description textOrList `yaml:"description"`
		AppVersion  textOrList `yaml:"appVersion"`
		Home        textOrList `yaml:"home"`
		Sources     textOrList `yaml:"sources"`
		Maintainers []struct {
			Name  textOrList `yaml:"name"`
			Email textOrList `yaml:"email"`
		} `yaml:"maintainers"`
	}
	readYAML(src, &c)
	m.name = c.Name.text()
	m.description = c.Description.text()
	m.version = c.AppVersion.text()
	m.homepage = c.Home.text()
	m.repository = c.Sources.text()
	for _, p := range c.Maintainers {
		m.people = append(m.people, publiccode.Contact{Name: p.Name.text(), Email: p.Email.text()})
	}
}
