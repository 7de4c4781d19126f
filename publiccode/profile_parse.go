// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// The bounds of a profile.
const (
	maxProfile      = 64 << 10
	maxProfileNodes = 20_000
	maxProfileRules = 200
	maxConditions   = 6   // conditions within one another
	maxList         = 100 // entries of a list
	maxPattern      = 500 // bytes of a regular expression
	maxWords        = 500 // characters of a text
	maxSteps        = 8   // of the path of a file
	maxMistakes     = 20  // named in one error
)

var (
	profileName  = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)
	builtInCode  = regexp.MustCompile(`^PC06[0-9]{2}$`)
	operatorCode = regexp.MustCompile(`^[A-Z]{2,8}[0-9]{1,6}$`)
	inBraces     = regexp.MustCompile(`\{[^{}]*\}`)
)

// parseProfile reads a profile that may extend the known ones.
func parseProfile(src []byte, known []*Profile, builtIn bool) (*Profile, error) {
	if len(src) > maxProfile {
		return nil, fmt.Errorf("profile: the file is larger than %d KiB; shorten it", maxProfile>>10)
	}
	r := &profileReader{known: known, builtIn: builtIn}
	root, err := r.load(src)
	if err != nil {
		return nil, err
	}
	p := r.profile(root)
	if r.mistakes != nil {
		return nil, errors.Join(r.mistakes...)
	}
	return p, nil
}

// profileReader reads a profile and collects what is wrong with it.
type profileReader struct {
	known    []*Profile
	builtIn  bool
	mistakes []error
}

func (r *profileReader) load(src []byte) (*yaml.Node, error) {
	notes := &report{}
	src = cleanSource(src, notes)
	if estimateNodes(src) > maxProfileNodes {
		return nil, fmt.Errorf("profile: more than %d values; shorten the file", maxProfileNodes)
	}
	root := loadTree(src, maxNodes, notes)
	for _, f := range notes.findings {
		if root == nil || f.Severity == Error {
			return nil, fmt.Errorf("profile: line %d: cannot be read: %s Correct the YAML here", f.Line, f.Message("en"))
		}
	}
	return root, nil
}

// wrong notes a mistake: where it is, and what to do.
func (r *profileReader) wrong(n *yaml.Node, key, format string, args ...any) {
	if len(r.mistakes) < maxMistakes {
		if key != "" {
			key = " " + key + ":"
		}
		r.mistakes = append(r.mistakes, fmt.Errorf("profile: line %d:%s %s", n.Line, key, fmt.Sprintf(format, args...)))
	}
}

// fields returns the values of a mapping by key. It refuses keys that are not
// allowed, and asks for those that are required.
func (r *profileReader) fields(n *yaml.Node, key string, required, optional []string) map[string]*yaml.Node {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, key, "write keys and values here: %s", strings.Join(slices.Concat(required, optional), ", "))
		return nil
	}
	values := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		name := shorten(k.Value)
		switch {
		case k.Kind != yaml.ScalarNode || !slices.Contains(required, k.Value) && !slices.Contains(optional, k.Value):
			r.unknown(k, join(key, name), name, slices.Concat(required, optional))
		case values[name] != nil:
			r.wrong(k, join(key, name), "the key stands here twice; delete one")
		case v.Kind == yaml.AliasNode:
			r.wrong(v, join(key, name), "write the value out instead of referring to another (*…)")
		case isEmpty(v):
			r.wrong(v, join(key, name), "has no value; write one, or delete the key")
		default:
			values[name] = v
			continue
		}
		values[name] = nil
	}
	for _, name := range required {
		if _, there := values[name]; !there {
			r.wrong(n, key, "the key %q is missing; add it", name)
		}
	}
	return values
}

func (r *profileReader) unknown(n *yaml.Node, key, name string, allowed []string) {
	if near := nearest(name, allowed); near != "" {
		r.wrong(n, key, "no such key; did you mean %q?", near)
		return
	}
	r.wrong(n, key, "no such key; the keys here are %s", strings.Join(allowed, ", "))
}

// text returns a scalar of one line; "" after a mistake, or where n is nil.
func (r *profileReader) text(n *yaml.Node, key string) string {
	switch {
	case n == nil:
		return ""
	case n.Kind != yaml.ScalarNode:
		r.wrong(n, key, "write one text here, no list and no further keys")
	case utf8.RuneCountInString(n.Value) > maxWords:
		r.wrong(n, key, "is longer than %d characters; shorten it", maxWords)
	case strings.ContainsFunc(strings.TrimSpace(n.Value), unprintable):
		r.wrong(n, key, "must be one line without control characters; use > for long texts")
	default:
		return strings.TrimSpace(n.Value)
	}
	return ""
}

// list returns the scalars of a list; one value alone is a list of one.
func (r *profileReader) list(n *yaml.Node, key string) []string {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.ScalarNode:
		if s := r.text(n, key); s != "" {
			return []string{s}
		}
		return nil
	case n.Kind != yaml.SequenceNode:
		r.wrong(n, key, "write a list here")
		return nil
	case len(n.Content) > maxList:
		r.wrong(n, key, "has more than %d entries; shorten the list", maxList)
		return nil
	}
	var out []string
	for i, c := range n.Content {
		if s := r.text(c, item(key, i)); s != "" {
			out = append(out, s)
		} else if c.Kind == yaml.ScalarNode && strings.TrimSpace(c.Value) == "" {
			r.wrong(c, item(key, i), "is empty; write a value, or delete the entry")
		}
	}
	return out
}

func item(key string, i int) string { return key + "[" + strconv.Itoa(i) + "]" }

// both returns a text in German and English.
func (r *profileReader) both(n *yaml.Node, key string) (de, en string) {
	if n == nil {
		return "", ""
	}
	f := r.fields(n, key, []string{"de", "en"}, nil)
	return r.text(f["de"], join(key, "de")), r.text(f["en"], join(key, "en"))
}

// template is both with what a finding fills in.
func (r *profileReader) template(n *yaml.Node, key string, named bool) (de, en string) {
	de, en = r.both(n, key)
	for _, s := range []string{de, en} {
		rest := inBraces.ReplaceAllStringFunc(s, func(p string) string {
			if p == "{key}" || p == "{value}" && named {
				return ""
			}
			return p
		})
		switch {
		case !strings.ContainsAny(rest, "{}"):
		case strings.Contains(rest, "{value}"):
			r.wrong(n, key, "{value} stands for the value of the key of the rule, but the rule has no key; add one")
		default:
			r.wrong(n, key, "only {key} and {value} may stand in braces; delete the others")
		}
	}
	return strings.ReplaceAll(de, "{value}", "{0}"), strings.ReplaceAll(en, "{value}", "{0}")
}

// address returns a web address.
func (r *profileReader) address(n *yaml.Node, key string) string {
	s := r.text(n, key)
	if s == "" {
		return ""
	}
	if u, err := url.Parse(s); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		r.wrong(n, key, "%q is no web address; begin it with https://", shorten(s))
	}
	return s
}

func (r *profileReader) profile(root *yaml.Node) *Profile {
	f := r.fields(root, "", []string{"name", "title", "description", "source"}, []string{"extends", "without", "rules"})
	p := &Profile{Name: r.text(f["name"], "name"), Source: r.address(f["source"], "source")}
	p.TitleDE, p.TitleEN = r.both(f["title"], "title")
	p.AboutDE, p.AboutEN = r.both(f["description"], "description")
	switch {
	case p.Name == "":
	case !profileName.MatchString(p.Name):
		r.wrong(f["name"], "name", "%q is no name; use 2 to 40 of the characters a to z, 0 to 9 and -", shorten(p.Name))
	case slices.ContainsFunc(r.known, func(k *Profile) bool { return k.Name == p.Name }):
		r.wrong(f["name"], "name", "there is a built-in profile %q; choose another name", p.Name)
	}
	r.inherit(p, f)
	r.rules(p, f["rules"])
	return p
}

// inherit takes over the rules of the profiles that p extends, but for those
// that it is to do without.
func (r *profileReader) inherit(p *Profile, f map[string]*yaml.Node) {
	extends, without := f["extends"], f["without"]
	for _, name := range r.list(extends, "extends") {
		i := slices.IndexFunc(r.known, func(k *Profile) bool { return k.Name == name })
		if i < 0 {
			var names []string
			for _, k := range r.known {
				names = append(names, k.Name)
			}
			r.wrong(extends, "extends", "there is no built-in profile %q; there are %s", shorten(name), strings.Join(names, ", "))
			continue
		}
		for _, rule := range r.known[i].Rules {
			if !hasRule(p, rule.Code) {
				p.Rules = append(p.Rules, rule)
			}
		}
	}
	for _, code := range r.list(without, "without") {
		if !hasRule(p, code) {
			r.wrong(without, "without", "no extended profile has a rule %q; delete the entry, or correct it", shorten(code))
		}
		p.Rules = slices.DeleteFunc(p.Rules, func(rule ProfileRule) bool { return rule.Code == code })
	}
}

func hasRule(p *Profile, code string) bool {
	return slices.ContainsFunc(p.Rules, func(rule ProfileRule) bool { return rule.Code == code })
}

func (r *profileReader) rules(p *Profile, n *yaml.Node) {
	switch {
	case n == nil:
		return
	case n.Kind != yaml.SequenceNode:
		r.wrong(n, "rules", "write a list of rules, each beginning with “- code: …”")
		return
	case len(n.Content) > maxProfileRules:
		r.wrong(n, "rules", "has more than %d rules; make two profiles of it", maxProfileRules)
		return
	}
	for i, c := range n.Content {
		rule := r.rule(c, item("rules", i))
		if rule.Code != "" && hasRule(p, rule.Code) {
			r.wrong(c, item("rules", i)+".code", "there is a rule %s already; choose another number", rule.Code)
		}
		if rule.Wording.Source == "" {
			rule.Wording.Source = p.Source
		}
		p.Rules = append(p.Rules, rule)
	}
}

func (r *profileReader) rule(n *yaml.Node, key string) ProfileRule {
	f := r.fields(n, key, []string{"code", "severity", "require", "message", "help"}, []string{"key", "when", "source"})
	rule := ProfileRule{
		Code:     r.text(f["code"], join(key, "code")),
		Severity: Severity(r.text(f["severity"], join(key, "severity"))),
		Key:      r.path(f["key"], join(key, "key"), false),
	}
	rule.Wording.Source = r.address(f["source"], join(key, "source"))
	named := f["key"] != nil
	rule.Wording.DE, rule.Wording.EN = r.template(f["message"], join(key, "message"), named)
	rule.Wording.HelpDE, rule.Wording.HelpEN = r.template(f["help"], join(key, "help"), named)
	r.code(f["code"], join(key, "code"), rule.Code)
	switch rule.Severity {
	case Error, Warning, Advice, "":
	default:
		r.wrong(f["severity"], join(key, "severity"), "%q is no severity; write error, warning or advice", shorten(string(rule.Severity)))
	}
	if f["require"] != nil {
		rule.holds = r.condition(f["require"], join(key, "require"), 1)
	}
	if f["when"] != nil {
		rule.holds = anyOf([]condition{not(r.condition(f["when"], join(key, "when"), 1)), rule.holds})
	}
	return rule
}

func (r *profileReader) code(n *yaml.Node, key, code string) {
	switch {
	case code == "" || r.builtIn && builtInCode.MatchString(code):
	case r.builtIn:
		r.wrong(n, key, "%q is no code of a built-in profile; write PC06 and two digits", shorten(code))
	case !operatorCode.MatchString(code):
		r.wrong(n, key, "%q is no code; write two to eight capital letters and then digits, such as AMT01", shorten(code))
	case strings.HasPrefix(code, "PC") && strings.Trim(code[2:], "0123456789") == "":
		r.wrong(n, key, "codes that begin with PC are those of Allmende; choose letters of your own, such as AMT01")
	}
}

// conditionKinds are all there are.
var conditionKinds = []string{
	"key", "count", "value", "language", "licence", "min-version",
	"file-name", "file", "heading", "all", "any", "not",
}

// condition reads one condition; after a mistake it returns one that never holds.
func (r *profileReader) condition(n *yaml.Node, key string, depth int) condition {
	never := func(*inspection) verdict { return no }
	if depth > maxConditions {
		r.wrong(n, key, "conditions stand within one another more than %d deep; make several rules of it", maxConditions)
		return never
	}
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		r.wrong(n, key, "write one condition here: one of %s; join several with all or any", strings.Join(conditionKinds, ", "))
		return never
	}
	kind := n.Content[0].Value
	f := r.fields(n, key, nil, conditionKinds)
	n, key = f[kind], join(key, kind)
	if n == nil {
		return never
	}
	switch kind {
	case "key":
		return hasKey(r.path(n, key, true), 1)
	case "count":
		return r.count(n, key)
	case "value":
		return r.value(n, key)
	case "language":
		return hasLanguage(r.language(n, key))
	case "licence":
		if s := r.text(n, key); s != "" && s != "osi" {
			r.wrong(n, key, "%q is no list of licences; write osi", shorten(s))
		}
		return hasOSILicence
	case "min-version":
		s := r.text(n, key)
		if s != "" && !slices.Contains(Versions, s) {
			r.wrong(n, key, "%q is no version of the standard; write one of %s in quotation marks", shorten(s), strings.Join(Versions, ", "))
		}
		least, _ := parseVersion(s)
		return declares(least)
	case "file-name":
		return isNamed(r.list(n, key))
	case "file":
		return hasFile(r.patterns(n, key))
	case "heading":
		f := r.fields(n, key, []string{"file", "words"}, nil)
		words := r.list(f["words"], join(key, "words"))
		for i := range words {
			words[i] = strings.ToLower(words[i])
		}
		return hasHeading(r.patterns(f["file"], join(key, "file")), words)
	case "all":
		return allOf(r.conditions(n, key, depth))
	case "any":
		return anyOf(r.conditions(n, key, depth))
	}
	return not(r.condition(n, key, depth+1))
}

func (r *profileReader) conditions(n *yaml.Node, key string, depth int) []condition {
	if n.Kind != yaml.SequenceNode || len(n.Content) > maxList {
		r.wrong(n, key, "write a list of at most %d conditions", maxList)
		return nil
	}
	var out []condition
	for i, c := range n.Content {
		out = append(out, r.condition(c, item(key, i), depth+1))
	}
	return out
}

func (r *profileReader) count(n *yaml.Node, key string) condition {
	f := r.fields(n, key, []string{"key", "min"}, nil)
	path, digits := r.path(f["key"], join(key, "key"), true), r.text(f["min"], join(key, "min"))
	least, err := strconv.Atoi(digits)
	if digits != "" && (err != nil || least < 1 || least > 1000) {
		r.wrong(f["min"], join(key, "min"), "%q is no number from 1 to 1000", shorten(digits))
	}
	return hasKey(path, least)
}

func (r *profileReader) value(n *yaml.Node, key string) condition {
	f := r.fields(n, key, []string{"key"}, []string{"in", "matches"})
	path := r.path(f["key"], join(key, "key"), true)
	_, in := f["in"]
	_, expression := f["matches"]
	if in == expression && f != nil {
		r.wrong(n, key, "write either in, with a list of values, or matches, with a regular expression")
	}
	if !expression {
		return hasValue(path, r.list(f["in"], join(key, "in")))
	}
	s := r.text(f["matches"], join(key, "matches"))
	re, err := regexp.Compile(s[:min(len(s), maxPattern)])
	switch {
	case len(s) > maxPattern:
		r.wrong(f["matches"], join(key, "matches"), "is longer than %d bytes; shorten the expression", maxPattern)
	case err != nil:
		r.wrong(f["matches"], join(key, "matches"), "is no regular expression (RE2): %v", err)
	}
	return matches(path, re)
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}$`)

func (r *profileReader) language(n *yaml.Node, key string) string {
	s := r.text(n, key)
	if s != "" && !languageTag.MatchString(s) {
		r.wrong(n, key, "%q is no language; write its two or three letters, such as de", shorten(s))
	}
	return s
}

// patterns reads the paths of files, in which * and ? stand for anything
// within a name.
func (r *profileReader) patterns(n *yaml.Node, key string) []string {
	list := r.list(n, key)
	for _, p := range list {
		_, err := path.Match(p, "")
		switch {
		case err != nil:
			r.wrong(n, key, "%q has a bracket that is not closed; correct the pattern", shorten(p))
		case strings.HasPrefix(p, "/") || p != path.Clean(p) || p == "." || strings.HasPrefix(p, ".."):
			r.wrong(n, key, "%q is no path from the root of the repository; write it like docs/INSTALL.md", shorten(p))
		case strings.Contains(p, "**"):
			r.wrong(n, key, "%q: ** is not known; * stands for anything within one name, so name the folders", shorten(p))
		case strings.Count(p, "/") >= maxSteps:
			r.wrong(n, key, "%q goes more than %d folders deep; shorten the path", shorten(p), maxSteps)
		}
	}
	return list
}

// path reads the path of a key of the standard. A "*" stands for any one key or
// entry, where wildcards are allowed.
func (r *profileReader) path(n *yaml.Node, key string, wildcards bool) string {
	s := r.text(n, key)
	if s == "" {
		return ""
	}
	if !wildcards && strings.Contains(s, "*") {
		r.wrong(n, key, "a finding points at one place; name the section without *")
		return s
	}
	steps := splitPath(s)
	if len(steps) == 0 || len(steps) > maxSteps {
		r.wrong(n, key, "%q is no path of a key; write it like description.*.documentation", shorten(s))
		return s
	}
	if step, near := strangeStep(steps); step != "" {
		if near != "" {
			near = fmt.Sprintf("; did you mean %q?", near)
		}
		r.wrong(n, key, "the standard has no key %q at this place%s", shorten(step), near)
	}
	return s
}

// sectionKeys are the keys of the sections, by their paths.
var sectionKeys = map[string][]keySpec{
	"":                          rootKeys,
	"organisation":              organisationKeys,
	"fundedBy.*":                funderKeys,
	"intendedAudience":          audienceKeys,
	"description.*":             descriptionKeys,
	"legal":                     legalKeys,
	"maintenance":               maintenanceKeys,
	"maintenance.contractors.*": contractorKeys,
	"maintenance.contacts.*":    contactKeys,
	"localisation":              localisationKeys,
	"dependsOn":                 dependsOnKeys,
	"dependsOn.open.*":          dependencyKeys,
	"dependsOn.proprietary.*":   dependencyKeys,
	"dependsOn.hardware.*":      dependencyKeys,
	"supports.*":                supportKeys,
}

// strangeStep returns the first step of a path that is no key of the standard,
// and the key that may be meant. Sections of a country and keys for private use
// may hold anything.
func strangeStep(steps []string) (step, near string) {
	if first := steps[0]; first == "*" || len(first) == 2 || strings.HasPrefix(strings.ToLower(first), "x-") {
		return "", ""
	}
	section := ""
	for _, step := range steps {
		keys := sectionKeys[section]
		if keys == nil || step == "*" { // an entry of a list, a language
			section += ".*"
			continue
		}
		if k, how := findKey(keys, step); k == nil || how != asNamed {
			names := make([]string, len(keys))
			for i, k := range keys {
				names[i] = k.name
			}
			return step, nearest(step, names)
		}
		section = join(section, step)
	}
	return "", ""
}
