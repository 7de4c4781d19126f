// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"path"
	"regexp"
	"strings"
)

// readSetupCfg reads the section metadata of the older form of Python's
// packages: https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
func readSetupCfg(src []byte, m *manifest) {
	section := ""
	fields := map[string]string{}
	for line := range strings.Lines(string(src)) {
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[] \t\r\n")
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if ok && section == "metadata" && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "#") {
			fields[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	known := func(key string) string { // "attr: …" and "file: …" say where else it stands
		v := fields[key]
		if strings.HasPrefix(v, "attr:") || strings.HasPrefix(v, "file:") {
			return ""
		}
		return v
	}
	m.name = known("name")
	m.description = known("description")
	m.version = known("version")
	m.homepage = known("url")
	m.addLicence(known("license"))
	for _, who := range []string{"maintainer", "author"} {
		if name := known(who); name != "" {
			c := person(name)
			c.Email = known(who + "_email")
			m.people = append(m.people, c)
		}
	}
}

var gradleSetting = regexp.MustCompile(`(?m)^[ \t]*(rootProject\.name|version|description)[ \t]*=?[ \t]*["']([^"'$\n]+)["']`)

// readGradle reads the settings of Gradle that are plain text; its files are
// programs.
func readGradle(src []byte, m *manifest) {
	for _, f := range gradleSetting.FindAllStringSubmatch(string(src), 20) {
		switch f[1] {
		case "rootProject.name":
			m.name = f[2]
		case "version":
			if m.version == "" {
				m.version = strings.TrimSuffix(f[2], "-SNAPSHOT")
			}
		case "description":
			m.description = f[2]
		}
	}
	switch s := string(src); {
	case strings.Contains(s, "com.android.application"):
		m.softwareType, m.platforms = "standalone/mobile", []string{"android"}
	case strings.Contains(s, "com.android.library"), strings.Contains(s, "java-library"):
		m.softwareType = "library"
	case strings.Contains(s, "org.springframework.boot"):
		m.server = true
	}
}

var goMajor = regexp.MustCompile(`^v[0-9]+$`)

// readGoMod: https://go.dev/ref/mod#go-mod-file
func readGoMod(src []byte, m *manifest) {
	for line := range strings.Lines(string(src)) {
		module, ok := strings.CutPrefix(strings.TrimSpace(line), "module ")
		if !ok {
			continue
		}
		module, _, _ = strings.Cut(module, "//")
		module = strings.Trim(strings.TrimSpace(module), `"`)
		m.name = path.Base(module)
		if goMajor.MatchString(m.name) {
			module = path.Dir(module)
			m.name = path.Base(module)
		}
		host, _, _ := strings.Cut(module, "/")
		// Other module paths may be names that only forward to the repository.
		if parts := strings.Split(module, "/"); (host == "github.com" || host == "codeberg.org") && len(parts) >= 3 {
			m.repository = "https://" + strings.Join(parts[:3], "/")
		}
		return
	}
}
