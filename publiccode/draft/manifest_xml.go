// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/allmende-registry/allmende/publiccode"
)

// readXML fills v with as much as can be read. The reader of the standard
// library knows no entities but the predefined ones, and bounds its depth.
func readXML(src []byte, v any) {
	dec := xml.NewDecoder(bytes.NewReader(src))
	dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		enc, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(in), nil
	}
	// What was read before an error is as good as without one.
	_ = dec.Decode(v)
}

// readPOM: https://maven.apache.org/pom.html
func readPOM(src []byte, m *manifest) {
	var p struct {
		ArtifactID  string `xml:"artifactId"`
		Name        string `xml:"name"`
		Version     string `xml:"version"`
		Description string `xml:"description"`
		URL         string `xml:"url"`
		Packaging   string `xml:"packaging"`
		SCM         string `xml:"scm>url"`
		Licences    []struct {
			Name string `xml:"name"`
			URL  string `xml:"url"`
		} `xml:"licenses>license"`
		Organisation string `xml:"organization>name"`
		Developers   []struct {
			Name         string `xml:"name"`
			Email        string `xml:"email"`
			Organisation string `xml:"organization"`
		} `xml:"developers>developer"`
	}
	readXML(src, &p)
	known := func(s string) string { // a property that another place defines says nothing here
		if strings.Contains(s, "${") {
			return ""
		}
		return s
	}
	m.name, m.title = known(p.ArtifactID), known(p.Name)
	m.description = known(p.Description)
	m.version = strings.TrimSuffix(known(p.Version), "-SNAPSHOT")
	m.homepage, m.repository = known(p.URL), known(p.SCM)
	for _, l := range p.Licences {
		m.addLicence(cmp.Or(strings.TrimSpace(l.Name), strings.TrimSpace(l.URL)))
	}
	for _, d := range p.Developers {
		m.people = append(m.people, publiccode.Contact{Name: known(d.Name), Email: known(d.Email), Affiliation: known(d.Organisation)})
	}
	switch {
	case p.Packaging == "war":
		m.softwareType, m.platforms = "standalone/web", []string{"web"}
	case bytes.Contains(src, []byte("spring-boot-maven-plugin")), bytes.Contains(src, []byte("quarkus-maven-plugin")):
		m.server = true
	}
}

// readCSProj: https://learn.microsoft.com/en-us/nuget/reference/msbuild-targets
func readCSProj(src []byte, m *manifest) {
	var p struct {
		SDK    string `xml:"Sdk,attr"`
		Groups []struct {
			PackageID      string `xml:"PackageId"`
			AssemblyName   string `xml:"AssemblyName"`
			Title          string `xml:"Title"`
			Product        string `xml:"Product"`
			Description    string `xml:"Description"`
			Version        string `xml:"Version"`
			Authors        string `xml:"Authors"`
			Licence        string `xml:"PackageLicenseExpression"`
			Repository     string `xml:"RepositoryUrl"`
			Project        string `xml:"PackageProjectUrl"`
			OutputType     string `xml:"OutputType"`
			GeneratesPacks bool   `xml:"GeneratePackageOnBuild"`
		} `xml:"PropertyGroup"`
	}
	readXML(src, &p)
	for _, g := range p.Groups {
		m.name = cmp.Or(m.name, g.PackageID, g.AssemblyName)
		m.title = cmp.Or(m.title, g.Title, g.Product)
		m.description = cmp.Or(m.description, g.Description)
		m.version = cmp.Or(m.version, g.Version)
		m.repository = cmp.Or(m.repository, g.Repository)
		m.homepage = cmp.Or(m.homepage, g.Project)
		m.addLicence(g.Licence)
		if name, _, _ := strings.Cut(g.Authors, ";"); name != "" {
			m.people = append(m.people, publiccode.Contact{Name: name})
		}
		switch {
		case g.OutputType == "WinExe":
			m.softwareType, m.platforms = "standalone/desktop", []string{"windows"}
		case g.GeneratesPacks && m.softwareType == "":
			m.softwareType = "library"
		}
	}
	if m.name == "" {
		m.name = strings.TrimSuffix(m.source, ".csproj")
	}
	if p.SDK == "Microsoft.NET.Sdk.Web" {
		m.softwareType, m.platforms = "standalone/web", []string{"web"}
	}
}
