// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// signs are files that tell what kind of software this is, the surest first.
var signs = []struct {
	files        []string
	softwareType string
	platforms    []string
}{
	{[]string{"AndroidManifest.xml", "*/AndroidManifest.xml", "app/src/main/AndroidManifest.xml", "android/app/src/main/AndroidManifest.xml"}, "standalone/mobile", []string{"android"}},
	{[]string{"ios/*/Info.plist", "ios/Podfile", "Podfile"}, "standalone/mobile", []string{"ios"}},
	{[]string{"src-tauri/tauri.conf.json"}, "standalone/desktop", []string{"linux", "mac", "windows"}},
	{[]string{"angular.json", "next.config.*", "nuxt.config.*", "svelte.config.js", "vite.config.*", "manage.py", "artisan", "config/routes.rb", "bin/console"}, "standalone/web", []string{"web"}},
	{[]string{"main.tf", "ansible.cfg", "kustomization.yaml"}, "configurationFiles", nil},
}

// guessKind guesses what kind of software it is, and what it runs on, from files
// that hardly mean anything else.
func (d *Draft) guessKind(r *repository, manifests []manifest) {
	for _, m := range manifests {
		if m.status != "" && !d.has("developmentStatus") {
			d.guess("developmentStatus", m.source, m.status)
		}
		if m.copyrightHolder != "" && !d.has("legal.mainCopyrightOwner") {
			d.guess("legal.mainCopyrightOwner", m.source, m.copyrightHolder)
		}
	}
	kind, source, platforms := "", "", []string(nil)
	for _, m := range manifests {
		if m.softwareType != "" {
			kind, source, platforms = m.softwareType, m.source, m.platforms
			break
		}
	}
	for _, s := range signs {
		found := slices.IndexFunc(s.files, func(p string) bool { return r.has(p) })
		if found < 0 {
			continue
		}
		if kind == "" || kind == "library" && s.softwareType != "configurationFiles" {
			kind, source, platforms = s.softwareType, r.first(s.files[found]), nil
		}
		if kind == s.softwareType {
			for _, p := range s.platforms {
				if !slices.Contains(platforms, p) {
					platforms = append(platforms, p)
				}
			}
		}
	}
	packageJSON := r.first("package.json")
	page := ""
	for _, p := range []string{"index.html", "public/index.html", "src/index.html"} {
		page = cmp.Or(page, r.first(p))
	}
	dockerfile := cmp.Or(r.first("Dockerfile"), r.first("Containerfile"))
	server := slices.IndexFunc(manifests, func(m manifest) bool { return m.server })
	switch {
	case kind != "" && kind != "library":
	case packageJSON != "" && page != "":
		kind, source, platforms = "standalone/web", page, []string{"web"}
	case server >= 0:
		kind, source, platforms = "standalone/backend", manifests[server].source, nil
	case dockerfile != "":
		kind, source, platforms = "standalone/backend", dockerfile, []string{"linux"}
	case kind == "" && isGoLibrary(r):
		kind, source = "library", "go.mod"
	case kind == "" && r.has("src/lib.rs") && !r.has("src/main.rs", "src/bin/*.rs"):
		kind, source = "library", "src/lib.rs"
	}
	d.guess("softwareType", source, kind)
	d.guess("platforms", source, platforms...)
}

var goProgram = regexp.MustCompile(`(?m)^package main\b`)

// isGoLibrary reports a Go module with packages and no program at its root.
func isGoLibrary(r *repository) bool {
	if !r.has("go.mod") || r.has("cmd/*.go", "cmd/*/*.go") {
		return false
	}
	sources := r.all("*.go")
	for _, name := range sources[:min(len(sources), 5)] {
		if goProgram.Match(r.read(name)) {
			return false
		}
	}
	return len(sources) > 0
}

// services are programs that the images of containers hold, by their names
// without registry and version.
var services = map[string]string{
	"postgres": "PostgreSQL", "postgresql": "PostgreSQL", "postgis": "PostGIS", "mariadb": "MariaDB", "mysql": "MySQL",
	"mongo": "MongoDB", "redis": "Redis", "valkey": "Valkey", "memcached": "Memcached", "rabbitmq": "RabbitMQ",
	"elasticsearch": "Elasticsearch", "opensearch": "OpenSearch", "solr": "Apache Solr", "kafka": "Apache Kafka",
	"keycloak": "Keycloak", "minio": "MinIO", "nginx": "nginx", "traefik": "Traefik", "clamav": "ClamAV", "couchdb": "Apache CouchDB",
}

// readServices lists what the containers of a Compose file run.
// https://github.com/compose-spec/compose-spec
func readServices(r *repository) []Claim {
	for _, name := range []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"} {
		if r.first(name) == "" {
			continue
		}
		var c struct {
			Services map[string]struct {
				Image textOrList `yaml:"image"`
			} `yaml:"services"`
		}
		readYAML(r.whole(name), &c)
		var found []Claim
		for _, s := range c.Services {
			image := s.Image.text()
			image = image[strings.LastIndex(image, "/")+1:]
			image, _, _ = strings.Cut(image, "@")
			image, _, _ = strings.Cut(image, ":")
			if program := services[image]; program != "" && !slices.Contains(found, Claim{program, name}) {
				found = append(found, Claim{program, name})
			}
		}
		slices.SortFunc(found, func(a, b Claim) int { return strings.Compare(a.Text, b.Text) })
		return found
	}
	return nil
}
