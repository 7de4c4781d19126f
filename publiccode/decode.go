// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"golang.org/x/text/language"
)

// decoder walks the tree of one file: it fills the model and reports.
type decoder struct {
	*report
	options   Options
	version   minor // the version to check against
	countries []*country
}

// decode walks the root mapping of a file. It returns the model and the
// declared version where that is known.
func (d *decoder) decode(root value) (*PublicCode, string) {
	known := d.declaredVersion(root)
	s := d.section(root, rootKeys)
	p := &PublicCode{
		Version:           s.token("publiccodeYmlVersion"),
		Name:              s.token("name"),
		ApplicationSuite:  s.token("applicationSuite"),
		URL:               s.checked("url", d.checkURL),
		LandingURL:        s.checked("landingURL", d.checkWebAddress),
		IsBasedOn:         s.tokens("isBasedOn", d.checkRepository),
		SoftwareVersion:   s.token("softwareVersion"),
		ReleaseDate:       s.checked("releaseDate", d.checkDate),
		Logo:              s.checked("logo", d.checkLogo),
		MonochromeLogo:    s.checked("monochromeLogo", d.checkLogo),
		Organisation:      d.organisation(s),
		FundedBy:          d.funders(s),
		InputTypes:        s.tokens("inputTypes", d.checkMediaType),
		OutputTypes:       s.tokens("outputTypes", d.checkMediaType),
		Platforms:         s.tokens("platforms", d.checkPlatform),
		Categories:        s.tokens("categories", d.checkCategory),
		UsedBy:            s.texts("usedBy"),
		Roadmap:           s.checked("roadmap", d.checkWebAddress),
		DevelopmentStatus: s.checked("developmentStatus", d.checkStatus),
		SoftwareType:      s.checked("softwareType", d.checkType),
		IntendedAudience:  d.audience(s),
		Description:       d.descriptions(s),
		Legal:             d.legal(s),
		Maintenance:       d.maintenance(s),
		Localisation:      d.localisation(s),
		DependsOn:         d.dependsOn(s),
		Supports:          d.supports(s),
	}
	if _, dated := s.get("releaseDate"); d.version <= 3 && !dated {
		if v, ok := s.get("softwareVersion"); ok {
			d.add("PC0109", v.at, "releaseDate")
		}
	}
	d.applyLegacy(p)
	return p, known
}

// declaredVersion looks for the version before anything else is read, since
// it rules all checks. It returns "" where the version is not known.
func (d *decoder) declaredVersion(root value) string {
	var val value
	for i := 0; i+1 < len(root.node.Content); i += 2 {
		k := resolve(root.node.Content[i])
		if known, _ := findKey(rootKeys[:1], stripInvisible(k.Value)); known != nil {
			val = newValue(root.node.Content[i+1], nodePosition(k), k.Value)
		}
	}
	wanted, wantedState := parseVersion(d.options.Version)
	if d.options.Version != "" {
		d.version = wanted
	}
	if val.node == nil || isEmpty(val.node) || val.node.Kind != yaml.ScalarNode {
		return "" // reported by the walk
	}
	declared := strings.TrimSpace(stripInvisible(val.node.Value))
	version, state := parseVersion(declared)
	if d.options.Version == "" || wantedState == versionUnknown {
		d.version = version
	}
	switch state {
	case versionDraft:
		d.add("PC0417", val.position(), rootKeys[0].name, version.String(), newest.String())
		return version.String()
	case versionPreview:
		d.add("PC0420", val.position(), rootKeys[0].name, version.String(), newest.String())
		return version.String()
	case versionMajor:
		d.add("PC0509", val.position(), rootKeys[0].name, declared, version.String(), strings.Join(Versions, ", "))
		return declared
	case versionUnknown:
		d.add("PC0401", val.position(), rootKeys[0].name, declared, version.String(), strings.Join(Versions, ", "))
	default:
		return version.String()
	}
	return ""
}

func (d *decoder) organisation(s *section) *Organisation {
	v, ok := s.get("organisation")
	if !ok {
		return nil
	}
	o := d.section(v, organisationKeys)
	if o == nil {
		return nil
	}
	return &Organisation{Name: o.token("name"), URI: o.checked("uri", d.checkURI)}
}

func (d *decoder) funders(s *section) []Organisation {
	return objects(s, "fundedBy", funderKeys, func(f *section) Organisation {
		return Organisation{Name: f.token("name"), URI: f.checked("uri", d.checkURI)}
	})
}

// objects reads a list of sections.
func objects[T any](s *section, key string, keys []keySpec, read func(*section) T) []T {
	v, ok := s.get(key)
	if !ok {
		return nil
	}
	var out []T
	for _, item := range s.d.items(v, yaml.MappingNode) {
		if o := s.d.section(item, keys); o != nil {
			out = append(out, read(o))
		}
	}
	return out
}

func (d *decoder) audience(s *section) *IntendedAudience {
	v, ok := s.get("intendedAudience")
	if !ok {
		return nil
	}
	a := d.section(v, audienceKeys)
	if a == nil {
		return nil
	}
	return &IntendedAudience{
		Scope:                a.tokens("scope", d.checkScope),
		Countries:            a.tokens("countries", d.checkCountry),
		UnsupportedCountries: a.tokens("unsupportedCountries", d.checkCountry),
	}
}

func (d *decoder) descriptions(s *section) map[string]Description {
	v, ok := s.get("description")
	if !ok {
		return nil
	}
	if v.node.Kind != yaml.MappingNode {
		de, en := kindWords(v.node)
		d.add("PC0203", v.position(), v.path, de, en)
		return nil
	}
	all := d.pairs(v)
	if d.forgottenLanguage(v, all) {
		return nil
	}
	out := make(map[string]Description, len(all))
	var long, features bool
	for _, p := range all {
		tag := d.checkLanguage(newValue(p.key, p.value.at, p.value.path), p.name)
		if _, taken := out[tag]; taken {
			tag = p.name
		}
		if isEmpty(p.value.node) {
			d.add("PC0102", p.value.at, join(p.value.path, "shortDescription"))
			continue
		}
		l := d.section(p.value, descriptionKeys)
		if l == nil {
			long, features = true, true // what is in it is not known
			continue
		}
		_, hasLong := l.get("longDescription")
		_, hasFeatures := l.get("features")
		long, features = long || hasLong, features || hasFeatures
		out[tag] = d.description(l)
	}
	if !long {
		d.add("PC0108", v.at, v.path, "longDescription")
	}
	if !features {
		d.add("PC0108", v.at, v.path, "features")
	}
	return out
}

// forgottenLanguage reports a description that holds texts where its languages
// should be.
func (d *decoder) forgottenLanguage(v value, all []pair) bool {
	for _, p := range all {
		if k, _ := findKey(descriptionKeys, p.name); k != nil {
			if _, err := language.ParseBase(p.name); err != nil {
				d.add("PC0110", p.value.at, v.path, p.name)
				return true
			}
		}
	}
	return false
}

func (d *decoder) description(l *section) Description {
	t := Description{
		LocalisedName:    l.token("localisedName"),
		GenericName:      d.limited(l, "genericName"),
		ShortDescription: d.limited(l, "shortDescription"),
		LongDescription:  d.limited(l, "longDescription"),
		Documentation:    l.checked("documentation", d.checkWebAddress),
		APIDocumentation: l.checked("apiDocumentation", d.checkWebAddress),
		Features:         d.features(l),
		Screenshots:      l.tokens("screenshots", d.checkScreenshot),
		Videos:           l.tokens("videos", d.checkWebAddress),
		Awards:           l.texts("awards"),
	}
	if v, ok := l.get("shortDescription"); ok && strings.Contains(t.ShortDescription, "\n") {
		d.add("PC0504", v.position(), v.path)
	}
	return t
}

// maxFeature is the most characters that a feature may have up to 0.2.
const maxFeature = 100

func (d *decoder) features(l *section) []string {
	v, ok := l.get("features")
	if !ok {
		return nil
	}
	var out []string
	for _, item := range d.items(v, yaml.ScalarNode) {
		t, ok := d.text(item)
		if !ok {
			continue
		}
		if d.version <= 2 {
			if n := characters(t); n > maxFeature {
				d.add("PC0327", item.position(), item.path, strconv.Itoa(n), strconv.Itoa(maxFeature))
			}
		}
		out = append(out, t)
	}
	return out
}

func (d *decoder) legal(s *section) Legal {
	v, ok := s.get("legal")
	if !ok {
		return Legal{}
	}
	l := d.section(v, legalKeys)
	return Legal{
		License:            l.checked("license", d.checkLicence),
		MainCopyrightOwner: l.token("mainCopyrightOwner"),
		RepoOwner:          l.token("repoOwner"),
		AuthorsFile:        l.checked("authorsFile", d.checkPath),
	}
}

func (d *decoder) maintenance(s *section) Maintenance {
	v, ok := s.get("maintenance")
	if !ok {
		return Maintenance{}
	}
	m := d.section(v, maintenanceKeys)
	if m == nil {
		return Maintenance{}
	}
	out := Maintenance{
		Type: m.checked("type", d.checkMaintenance),
		Contractors: objects(m, "contractors", contractorKeys, func(c *section) Contractor {
			return Contractor{
				Name: c.token("name"), Until: c.checked("until", d.checkDate),
				Email: c.checked("email", d.checkEmail), Website: c.checked("website", d.checkWebAddress),
			}
		}),
		Contacts: objects(m, "contacts", contactKeys, d.contact),
	}
	contractors, hasContractors := m.get("contractors")
	_, hasContacts := m.get("contacts")
	switch out.Type {
	case "contract":
		if !hasContractors {
			d.add("PC0104", v.at, "maintenance.contractors")
		}
	case "internal", "community":
		if !hasContacts && d.version != draft { // which requires them always
			d.add("PC0105", v.at, "maintenance.contacts", out.Type)
		}
	}
	if hasContractors && out.Type != "" && out.Type != "contract" {
		code := "PC0107"
		if d.version >= 5 {
			code = "PC0106"
		}
		d.add(code, contractors.at, contractors.path, out.Type)
	}
	return out
}

func (d *decoder) contact(c *section) Contact {
	out := Contact{
		Name: c.token("name"), Email: c.checked("email", d.checkEmail),
		Phone: c.checked("phone", d.checkPhone), Affiliation: c.token("affiliation"),
	}
	if _, ok := c.get("email"); !ok && out.Phone == "" {
		d.add("PC0505", c.at, c.path)
	}
	return out
}

func (d *decoder) localisation(s *section) Localisation {
	v, ok := s.get("localisation")
	if !ok {
		return Localisation{}
	}
	l := d.section(v, localisationKeys)
	out := Localisation{AvailableLanguages: l.tokens("availableLanguages", d.checkLanguage)}
	if v, ok := l.get("localisationReady"); ok {
		out.LocalisationReady, _ = d.boolean(v)
	}
	return out
}

func (d *decoder) dependsOn(s *section) *DependsOn {
	v, ok := s.get("dependsOn")
	if !ok {
		return nil
	}
	o := d.section(v, dependsOnKeys)
	if o == nil {
		return nil
	}
	out := &DependsOn{
		Open:        objects(o, "open", dependencyKeys, d.dependency),
		Proprietary: objects(o, "proprietary", dependencyKeys, d.dependency),
		Hardware:    objects(o, "hardware", dependencyKeys, d.dependency),
	}
	if out.Open == nil && out.Proprietary == nil && out.Hardware == nil {
		return nil
	}
	return out
}

func (d *decoder) dependency(s *section) Dependency {
	out := Dependency{
		Name: s.token("name"), VersionMin: s.token("versionMin"),
		VersionMax: s.token("versionMax"), Version: s.token("version"),
	}
	if v, ok := s.get("optional"); ok {
		out.Optional, _ = d.boolean(v)
	}
	return out
}

func (d *decoder) supports(s *section) []string {
	v, ok := s.get("supports")
	if !ok {
		return nil
	}
	var out []string
	for _, item := range d.items(v, yaml.MappingNode) {
		// A bare identifier instead of a section with the key id can only
		// mean that id.
		if item.node.Kind != yaml.MappingNode {
			de, en := kindWords(item.node)
			d.add("PC0203", item.position(), item.path, de, en)
			if t, ok := d.scalar(item); ok {
				out = append(out, t)
			}
			continue
		}
		o := d.section(item, supportKeys)
		if id, ok := o.get("id"); ok {
			if t, ok := d.token(id); ok {
				out = append(out, d.checkSupport(id, t))
			}
		}
	}
	return out
}
