// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// The bounds of a policy file.
const (
	MaxPolicy       = 64 << 10 // bytes
	maxPolicyDepth  = 6        // of its YAML; 3 are needed
	maxPolicyList   = 1000     // entries
	maxPolicyText   = 1000     // characters
	maxPolicyFaults = 20       // named in one error
)

var (
	policyID   = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)
	policyKeys = []string{"id", "name", "description", "limits", "source", "require", "allow", "deny", "otherwise"}

	errSeveral = errors.New("is an expression of several licences; give each an entry of its own")
)

// ParsePolicy reads a policy in YAML, of at most MaxPolicy bytes. The keys are
// those of Policy in JSON; id and name are required, and one of the lists; texts
// are one for both languages, or have the keys de and en. The error names the
// line, the key and what to do, of at most 20 mistakes.
func ParsePolicy(src []byte) (Policy, error) {
	if len(src) > MaxPolicy {
		return Policy{}, fmt.Errorf("policy: the file is larger than %d KiB; shorten it", MaxPolicy>>10)
	}
	root, err := policyTree(src)
	if err != nil {
		return Policy{}, err
	}
	r := &policyReader{}
	p := r.policy(root)
	if r.faults != nil {
		return Policy{}, errors.Join(r.faults...)
	}
	return p, nil
}

// policyTree reads the one document of a file, which has to be a mapping.
func policyTree(src []byte) (*yaml.Node, error) {
	limits := loaderlimits.New(loaderlimits.DepthFunc(func(depth int, _ *loaderlimits.DepthContext) error {
		if depth > maxPolicyDepth {
			return fmt.Errorf("values stand within one another more than %d deep", maxPolicyDepth)
		}
		return nil
	}))
	loader, err := yaml.NewLoader(bytes.NewReader(src), yaml.WithPlugin(limits))
	if err != nil {
		return nil, fmt.Errorf("policy: cannot be read as YAML: %w", err)
	}
	var doc, second yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF):
		return nil, errors.New("policy: the file is empty; write at least id, name, and one of require, allow and deny")
	case err != nil:
		return nil, fmt.Errorf("policy: cannot be read as YAML: %w", err)
	case doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode:
		return nil, errors.New("policy: line 1: write keys and values, beginning with “id: …”")
	}
	if err := loader.Load(&second); !errors.Is(err, io.EOF) {
		return nil, errors.New("policy: something follows behind the first document (---); delete it")
	}
	return doc.Content[0], nil
}

// policyReader reads a policy and collects what is wrong with it.
type policyReader struct{ faults []error }

func (r *policyReader) wrong(n *yaml.Node, key, format string, args ...any) {
	if len(r.faults) < maxPolicyFaults {
		r.faults = append(r.faults, fmt.Errorf("policy: line %d: %s: %s", n.Line, key, fmt.Sprintf(format, args...)))
	}
}

func (r *policyReader) policy(root *yaml.Node) Policy {
	f := r.fields(root, "the file", policyKeys)
	for _, key := range []string{"id", "name"} {
		if f[key] == nil {
			r.wrong(root, key, "the key is missing; add it")
		}
	}
	p := Policy{
		ID: r.text(f["id"], "id"), Source: r.text(f["source"], "source"),
		Name: r.bilingual(f["name"], "name"), Description: r.bilingual(f["description"], "description"),
		Limits:  r.bilingual(f["limits"], "limits"),
		Require: r.list(f["require"], "require"), Allow: r.list(f["allow"], "allow"), Deny: r.list(f["deny"], "deny"),
		Otherwise: State(r.text(f["otherwise"], "otherwise")),
	}
	if p.ID != "" && !policyID.MatchString(p.ID) {
		r.wrong(f["id"], "id", "%q is no name; write 2 to 40 small letters, digits and hyphens, a letter first", p.ID)
	}
	if u, err := url.Parse(p.Source); p.Source != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		r.wrong(f["source"], "source", "%q is no web address; write one that begins with https://", p.Source)
	}
	for _, group := range p.Require {
		if !slices.Contains(policyGroups, group) {
			r.wrong(f["require"], "require", "%q cannot be required; write %s, or put it under allow", group, strings.Join(policyGroups, " or "))
		}
	}
	switch {
	case p.Otherwise == "":
	case !slices.Contains(states, p.Otherwise):
		r.wrong(f["otherwise"], "otherwise", "%q is no answer; write %s, %s or %s", string(p.Otherwise), Allowed, Undecided, Denied)
	case f["allow"] == nil:
		r.wrong(f["otherwise"], "otherwise", "says what is not under allow, which is missing; add allow, or delete the key")
	}
	if f["require"] == nil && f["allow"] == nil && f["deny"] == nil {
		r.wrong(root, "the file", "add one of require, allow and deny")
	}
	return p
}

// fields returns the values of a mapping by key.
func (r *policyReader) fields(n *yaml.Node, key string, allowed []string) map[string]*yaml.Node {
	values := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode || !slices.Contains(allowed, k.Value):
			r.wrong(k, key, "there is no key %q; the keys are %s", brief(k.Value), strings.Join(allowed, ", "))
		case values[k.Value] != nil:
			r.wrong(k, k.Value, "the key stands here twice; delete one")
		default:
			values[k.Value] = v
		}
	}
	return values
}

// text returns a scalar of one line; "" after a mistake, or where n is nil.
func (r *policyReader) text(n *yaml.Node, key string) string {
	if n == nil {
		return ""
	}
	s := strings.TrimSpace(n.Value)
	switch {
	case n.Kind != yaml.ScalarNode:
		r.wrong(n, key, "write one text here")
	case s == "" || n.Tag == "!!null":
		r.wrong(n, key, "has no value; write one, or delete it")
	case utf8.RuneCountInString(s) > maxPolicyText:
		r.wrong(n, key, "is longer than %d characters; shorten it", maxPolicyText)
	case strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) || c == utf8.RuneError }):
		r.wrong(n, key, "must be one line without control characters; use >- for long texts")
	default:
		return s
	}
	return ""
}

func (r *policyReader) bilingual(n *yaml.Node, key string) Bilingual {
	if n == nil || n.Kind != yaml.MappingNode {
		s := r.text(n, key)
		return Bilingual{s, s}
	}
	f := r.fields(n, key, []string{"de", "en"})
	for _, lang := range []string{"de", "en"} {
		if f[lang] == nil {
			r.wrong(n, key+"."+lang, "the key is missing; add it, or write one text for both languages")
		}
	}
	return Bilingual{DE: r.text(f["de"], key+".de"), EN: r.text(f["en"], key+".en")}
}

// list returns the entries of a list in official spelling.
func (r *policyReader) list(n *yaml.Node, key string) []string {
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.SequenceNode:
		r.wrong(n, key, "write a list here, as [MIT, EUPL-1.2]")
		return nil
	case len(n.Content) == 0:
		r.wrong(n, key, "the list is empty; add an entry, or delete the key")
		return nil
	case len(n.Content) > maxPolicyList:
		r.wrong(n, key, "has more than %d entries; name families and categories instead", maxPolicyList)
		return nil
	}
	var out []string
	for i, c := range n.Content {
		at := fmt.Sprintf("%s[%d]", key, i)
		s := r.text(c, at)
		if s == "" {
			continue
		}
		if _, name, err := readEntry(s); err != nil {
			r.wrong(c, at, "%q: %v; also %s and %s are allowed", brief(s), err, strings.Join(policyGroups, ", "), joined(policyCategories))
		} else {
			out = append(out, name)
		}
	}
	return out
}

func joined(categories []Category) string {
	names := make([]string, len(categories))
	for i, c := range categories {
		names[i] = string(c)
	}
	return strings.Join(names, ", ")
}

// brief shortens what a message repeats.
func brief(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
