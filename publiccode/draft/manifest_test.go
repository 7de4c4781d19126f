// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// repo makes a repository of pairs of path and content.
func repo(pairs ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for i := 0; i+1 < len(pairs); i += 2 {
		files[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return files
}

// flat lists what a draft knows, lists joined by "; ".
func flat(d *Draft) map[string]string {
	out := map[string]string{}
	for path, v := range d.values {
		if len(v.Texts) > 0 {
			out[path] = strings.Join(v.Texts, "; ")
		}
	}
	return out
}

func TestManifests(t *testing.T) {
	for name, tt := range map[string]struct {
		files fstest.MapFS
		want  map[string]string
	}{
		"package.json": {
			repo("package.json", `{"name": "@stadt/radkeller", "version": "2.1.0", "description": "Finds parking for bicycles and reserves it",
				"license": "EUPL-1.2", "homepage": "https://radkeller.example/", "repository": {"type": "git", "url": "git+https://git.example.org/stadt/radkeller.git"},
				"author": "Ada Beispiel <ada@radkeller.example> (https://ada.example)", "private": true, "dependencies": {"next": "14"}}`),
			map[string]string{
				"name": "radkeller", "url": "https://git.example.org/stadt/radkeller", "landingURL": "https://radkeller.example/", "softwareVersion": "2.1.0",
				"description.en.shortDescription": "Finds parking for bicycles and reserves it", "legal.license": "EUPL-1.2",
				"maintenance.contacts[0].name": "Ada Beispiel", "maintenance.contacts[0].email": "ada@radkeller.example",
				"softwareType": "standalone/web", "platforms": "web",
			},
		},
		"package.json, a library in short forms": {
			repo("package.json", `{"name": "kette", "license": {"type": "MIT"}, "repository": "gitlab:werk/kette", "main": "kette.js", "contributors": [{"name": "Bea Muster"}]}`),
			map[string]string{
				"name": "kette", "url": "https://gitlab.com/werk/kette", "legal.license": "MIT", "softwareType": "library", "maintenance.contacts[0].name": "Bea Muster",
			},
		},
		"package.json of nothing usable": {
			repo("package.json", `{"name": 7, "license": ["UNLICENSED", "SEE LICENSE IN terms"], "repository": ["x"], "author": [[]], "version": {}}`),
			map[string]string{},
		},
		"pyproject.toml": {
			repo("pyproject.toml", `
[project]
name = "radkeller"
version = "0.4"
description = "Das Programm für die Vergabe von Stellplätzen und die Abrechnung mit der Stadt"
license = {text = "AGPL-3.0-or-later"}
classifiers = ["Development Status :: 4 - Beta", "License :: OSI Approved :: MIT License"]
maintainers = [{name = "Ada Beispiel", email = "ada@radkeller.example"}]
[project.urls]
Source = "https://git.example.org/stadt/radkeller"
Documentation = "https://docs.radkeller.example"
`),
			map[string]string{
				"name": "radkeller", "softwareVersion": "0.4", "url": "https://git.example.org/stadt/radkeller", "legal.license": "AGPL-3.0-or-later", "developmentStatus": "beta",
				"description.de.shortDescription": "Das Programm für die Vergabe von Stellplätzen und die Abrechnung mit der Stadt",
				"description.de.documentation":    "https://docs.radkeller.example",
				"maintenance.contacts[0].name":    "Ada Beispiel", "maintenance.contacts[0].email": "ada@radkeller.example",
			},
		},
		"pyproject.toml of Poetry": {
			repo("pyproject.toml", "[tool.poetry]\nname = \"speiche\"\nlicense = \"GPL-3.0+\"\nauthors = [\"Bea Muster <bea@speiche.example>\"]\n"),
			map[string]string{"name": "speiche", "legal.license": "GPL-3.0-or-later", "maintenance.contacts[0].name": "Bea Muster", "maintenance.contacts[0].email": "bea@speiche.example"},
		},
		"setup.cfg": {
			repo("setup.cfg", "[metadata]\nname = speiche\nversion = attr: speiche.version\nlicense = Apache License 2.0\nauthor = Bea Muster\nauthor_email = bea@speiche.example\n[options]\nname = other\n"),
			map[string]string{"name": "speiche", "legal.license": "Apache-2.0", "maintenance.contacts[0].name": "Bea Muster", "maintenance.contacts[0].email": "bea@speiche.example"},
		},
		"Cargo.toml": {
			repo("Cargo.toml", "[package]\nname = \"nabe\"\nversion.workspace = true\nlicense = \"MIT/Apache-2.0\"\nrepository = \"ssh://git@git.example.org:2222/werk/nabe.git\"\n[workspace.package]\nversion = \"1.2.3\"\n[lib]\npath = \"nabe.rs\"\n"),
			map[string]string{"name": "nabe", "softwareVersion": "1.2.3", "legal.license": "MIT OR Apache-2.0", "url": "https://git.example.org/werk/nabe", "softwareType": "library"},
		},
		"composer.json": {
			repo("composer.json", `{"name": "stadt/radkeller", "type": "typo3-cms-extension", "license": ["GPL-2.0-or-later", "MIT"], "support": {"source": "https://git.example.org/stadt/radkeller"}}`),
			map[string]string{"name": "radkeller", "softwareType": "addon", "legal.license": "GPL-2.0-or-later OR MIT", "url": "https://git.example.org/stadt/radkeller"},
		},
		"pom.xml": {
			repo("pom.xml", `<?xml version="1.0" encoding="ISO-8859-1"?><project xmlns="http://maven.apache.org/POM/4.0.0"><artifactId>radkeller-server</artifactId><name>Radkeller f`+"\xfc"+`r alle</name>
				<version>3.0.0-SNAPSHOT</version><description>${x}</description><packaging>war</packaging>
				<licenses><license><name>Apache License, Version 2.0</name></license></licenses><scm><url>https://git.example.org/stadt/radkeller</url></scm>
				<developers><developer><name>Ada Beispiel</name><organization>Stadt Beispielhausen</organization></developer></developers></project>`),
			map[string]string{
				"name": "Radkeller für alle", "softwareVersion": "3.0.0", "softwareType": "standalone/web", "platforms": "web", "legal.license": "Apache-2.0",
				"url": "https://git.example.org/stadt/radkeller", "maintenance.contacts[0].name": "Ada Beispiel", "maintenance.contacts[0].affiliation": "Stadt Beispielhausen",
			},
		},
		"Gradle": {
			repo("settings.gradle.kts", `rootProject.name = "klingel"`, "build.gradle.kts", "plugins { id(\"com.android.application\") }\nversion = \"1.0\"\n"),
			map[string]string{"name": "klingel", "softwareVersion": "1.0", "softwareType": "standalone/mobile", "platforms": "android"},
		},
		"csproj": {
			repo("Klingel.csproj", `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>WinExe</OutputType><Version>4.1</Version><PackageLicenseExpression>MPL-2.0</PackageLicenseExpression><Authors>Ada Beispiel;Bea Muster</Authors></PropertyGroup></Project>`),
			map[string]string{"name": "Klingel", "softwareVersion": "4.1", "legal.license": "MPL-2.0", "softwareType": "standalone/desktop", "platforms": "windows", "maintenance.contacts[0].name": "Ada Beispiel"},
		},
		"go.mod": {
			repo("go.mod", "// a comment\nmodule github.com/werk/nabe/v3 // more\n\ngo 1.22\n", "nabe.go", "package nabe\n"),
			map[string]string{"name": "nabe", "url": "https://github.com/werk/nabe", "softwareType": "library"},
		},
		"go.mod of a program": {
			repo("go.mod", "module git.example.org/werk/nabe\n", "app.go", "package main\n"),
			map[string]string{"name": "nabe"},
		},
		"CITATION.cff": {
			repo("CITATION.cff", "title: Speichenrechner\nlicense: BSD-3-Clause\nversion: 1.10\ndate-released: 2024-05-06\nrepository-code: https://git.example.org/werk/speichen\nauthors:\n  - given-names: Bea\n    family-names: Muster\n    email: bea@speiche.example\n    affiliation: Hochschule Beispielhausen\n"),
			map[string]string{
				"name": "Speichenrechner", "legal.license": "BSD-3-Clause", "softwareVersion": "1.10", "releaseDate": "2024-05-06", "url": "https://git.example.org/werk/speichen",
				"maintenance.contacts[0].name": "Bea Muster", "maintenance.contacts[0].email": "bea@speiche.example", "maintenance.contacts[0].affiliation": "Hochschule Beispielhausen",
			},
		},
		"codemeta.json": {
			repo("codemeta.json", `{"name": "Speichenrechner", "license": "https://spdx.org/licenses/EUPL-1.2", "codeRepository": "https://git.example.org/werk/speichen", "version": "2", "datePublished": "2023-01-02",
				"developmentStatus": "https://www.repostatus.org/#wip", "author": [{"givenName": "Bea", "familyName": "Muster"}], "copyrightHolder": {"name": "Hochschule Beispielhausen"}}`),
			map[string]string{
				"name": "Speichenrechner", "legal.license": "EUPL-1.2", "url": "https://git.example.org/werk/speichen", "softwareVersion": "2", "releaseDate": "2023-01-02",
				"developmentStatus": "development", "maintenance.contacts[0].name": "Bea Muster", "legal.mainCopyrightOwner": "Hochschule Beispielhausen",
			},
		},
		"pubspec.yaml": {
			repo("pubspec.yaml", "name: klingel\nversion: 1.4.0+37\nrepository: https://git.example.org/werk/klingel\ndependencies:\n  flutter:\n    sdk: flutter\n", "ios/Runner/Info.plist", "", "android/app/src/main/AndroidManifest.xml", ""),
			map[string]string{"name": "klingel", "softwareVersion": "1.4.0", "url": "https://git.example.org/werk/klingel", "softwareType": "standalone/mobile", "platforms": "android; ios"},
		},
		"Chart.yaml": {
			repo("Chart.yaml", "name: radkeller\nappVersion: \"1.2\"\nsources: [https://git.example.org/stadt/radkeller]\nmaintainers:\n- name: Ada Beispiel\n"),
			map[string]string{"name": "radkeller", "softwareVersion": "1.2", "url": "https://git.example.org/stadt/radkeller", "maintenance.contacts[0].name": "Ada Beispiel"},
		},
		"app.json": {
			repo("app.json", `{"expo": {"name": "Klingel", "version": "3.1", "platforms": ["ios", "android", "tv"]}}`),
			map[string]string{"name": "Klingel", "softwareVersion": "3.1", "softwareType": "standalone/mobile", "platforms": "ios; android"},
		},
		"signs of a web application": {
			repo("manage.py", "", "locale/de/LC_MESSAGES/django.po", "", "locale/en_GB/LC_MESSAGES/django.po", "", "Dockerfile", "FROM scratch"),
			map[string]string{"softwareType": "standalone/web", "platforms": "web", "localisation.availableLanguages": "de; en-GB", "localisation.localisationReady": "true"},
		},
		"a page beside a manifest": {
			repo("package.json", "{}", "public/index.html", "", "src/locales/de.json", "{}", "src/locales/index.json", "{}"),
			map[string]string{"softwareType": "standalone/web", "platforms": "web", "localisation.availableLanguages": "de", "localisation.localisationReady": "true"},
		},
		"messages of Java": {
			repo("src/main/resources/messages_de.properties", "", "src/main/resources/messages_en.properties", "", "src/main/resources/messages_old.properties", ""),
			map[string]string{"localisation.availableLanguages": "de; en", "localisation.localisationReady": "true"},
		},
		"a container": {
			repo("Dockerfile", "FROM scratch"),
			map[string]string{"softwareType": "standalone/backend", "platforms": "linux"},
		},
		"changelog before manifest": {
			repo("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n## [2.3.0] - 2024-02-30\n\n## [2.2.0] - 2024-01-31\n", "package.json", `{"version": "0.0.1"}`),
			map[string]string{"softwareVersion": "2.3.0"},
		},
		"changelog with a date": {
			repo("CHANGELOG.md", "# Changelog\n## v2.2.0 (2024-01-31)\n"),
			map[string]string{"softwareVersion": "2.2.0", "releaseDate": "2024-01-31"},
		},
		"maintainers without their addresses": {
			repo("MAINTAINERS", "# People\nall of us\n- Ada Beispiel <ada@radkeller.example>\n"),
			map[string]string{"maintenance.contacts[0].name": "Ada Beispiel"},
		},
		"code owners are no contacts": {repo("CODEOWNERS", "* @ada ada@radkeller.example\n"), map[string]string{}},
		"nothing":                     {repo(), map[string]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			d := FromRepository(tt.files, "")
			got := flat(d)
			if !maps.Equal(got, tt.want) {
				for _, path := range slices.Sorted(maps.Keys(got)) {
					if got[path] != tt.want[path] {
						t.Errorf("%s is %q, want %q", path, got[path], tt.want[path])
					}
				}
				for _, path := range slices.Sorted(maps.Keys(tt.want)) {
					if got[path] == "" {
						t.Errorf("%s is missing, want %q", path, tt.want[path])
					}
				}
			}
			for path, v := range d.values {
				if _, there := tt.files[v.Source]; !there && !strings.HasSuffix(v.Source, "/") {
					t.Errorf("%s comes from %q, which is no file", path, v.Source)
				}
			}
			checkDraft(t, d, d.YAML("de"))
		})
	}
}

func TestNames(t *testing.T) {
	manifest, heading := `{"name": "rad-keller"}`, "# Rad Keller: parking\n"
	for name, tt := range map[string]struct {
		files       fstest.MapFS
		dir         string
		want, where string
	}{
		"heading as the manifest":   {repo("package.json", manifest, "README.md", heading), "x", "Rad Keller", "README.md"},
		"heading as the remote":     {repo(".git/config", "[remote \"origin\"]\n\turl = git@git.example.org:stadt/radkeller.git\n", "README.md", heading), "x", "Rad Keller", "README.md"},
		"heading as the folder":     {repo("README.md", heading), "Rad-Keller", "Rad Keller", "README.md"},
		"manifest before heading":   {repo("package.json", manifest, "README.md", "# Anderes\n"), "x", "rad-keller", "package.json"},
		"heading before remote":     {repo(".git/config", "[remote \"origin\"]\nurl=https://git.example.org/stadt/x\n", "README.md", "# Anderes\n"), "x", "Anderes", "README.md"},
		"a heading that means none": {repo("README.md", "# Project title\n\n## Installation\n"), "radkeller", "radkeller", "radkeller/"},
		"remote before folder":      {repo(".git/config", "[core]\nurl = a\n[remote \"fork\"]\nurl = https://a.example/b/c\n[remote \"origin\"]\nurl = https://git.example.org/stadt/keller\n"), "tmp", "keller", ".git/config"},
		"a heading that is a text":  {repo("README.md", "# "+strings.Repeat("lang ", 30)+"\n"), "radkeller", "radkeller", "radkeller/"},
	} {
		t.Run(name, func(t *testing.T) {
			v := FromRepository(tt.files, tt.dir).values["name"]
			if v.Text() != tt.want || v.Source != tt.where {
				t.Errorf("%q from %q, want %q from %q", v.Text(), v.Source, tt.want, tt.where)
			}
		})
	}
}
