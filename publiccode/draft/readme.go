// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	htmltoken "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/language"
)

// readme is what a README says, as text.
type readme struct {
	source        string
	title         string
	paragraphs    []string // up to the first section that is no introduction
	features      []string
	language      string
	laterVersions bool // speaks of later versions of its licence
}

// maxReadme bounds what is read of a README, in bytes: the beginning says what
// the software is, and Markdown can be made to take quadratic time.
const maxReadme = 32 << 10

var readmeName = regexp.MustCompile(`(?i)^readme(?:[-_.]([a-z]{2}))?(?:\.(md|markdown|rst|adoc|asciidoc|txt))?$`)

// readReadmes reads the README and its translations, the one without a language
// in its name first.
func readReadmes(r *repository) []readme {
	var names []string
	for _, name := range r.names {
		if readmeName.MatchString(name) && len(names) < 6 {
			names = append(names, name)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return len(readmeName.FindStringSubmatch(a)[1]) - len(readmeName.FindStringSubmatch(b)[1])
	})
	var out []readme
	for _, name := range names {
		src := r.read(name)
		m := readmeName.FindStringSubmatch(name)
		rm := parseReadme(src[:min(len(src), maxReadme)], strings.ToLower(m[2]))
		rm.source = name
		rm.language = languageOf(strings.Join(rm.paragraphs, " "))
		if tag, err := language.ParseBase(m[1]); err == nil && m[1] != "" && m[1] != "md" {
			rm.language = tag.String()
		}
		if rm.language == "" && len(out) == 0 {
			rm.language = "en"
		}
		out = append(out, rm)
	}
	return out
}

// long is the text of a longDescription: as many paragraphs as it needs and
// takes; "" where the introduction is too short for one.
func (rm readme) long() string {
	text := ""
	for _, p := range rm.paragraphs {
		longer := strings.TrimPrefix(text+"\n\n"+p, "\n\n")
		if utf8.RuneCountInString(longer) > maxLong || utf8.RuneCountInString(text) > 1500 {
			break
		}
		text = longer
	}
	if utf8.RuneCountInString(text) < minLong {
		return ""
	}
	return text
}

// toHTML renders Markdown; HTML in it stays, since a README often begins with it.
// The result is only ever taken apart, never shown.
var toHTML = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Linkify),
	goldmark.WithRendererOptions(html.WithUnsafe()),
)

var (
	comments     = regexp.MustCompile(`(?s)<!--.*?-->`)
	frontMatter  = regexp.MustCompile(`(?s)\A---\r?\n.*?\n---\r?\n`)
	rstDirective = regexp.MustCompile(`(?m)^\.\. .*(?:\n[ \t]+\S.*|\n[ \t]*\n[ \t]+:.*)*`)
	rstLink      = regexp.MustCompile("`([^`<]+?)\\s*<[^`>]*>`__?")
	rstTitle     = regexp.MustCompile(`(?m)^([=\-~^"#*+])(?:[=\-~^"#*+]{2,})\n\s*(\S.*)\n[=\-~^"#*+]{3,}[ \t]*$`)
	adocTitle    = regexp.MustCompile(`(?m)^(={1,5}) (\S.*)$`)
	adocLine     = regexp.MustCompile(`(?m)^(?::[\w-]+:.*|image::?.*|\[.*\]|toc::.*|ifdef::.*|endif::.*|//.*)$`)
	adocLink     = regexp.MustCompile(`(?:link:|image:)?(?:https?://)?[^\s\[\]]+\[([^\]]*)\]`)
)

// parseReadme reads a README in Markdown, or in what of reStructuredText and
// AsciiDoc differs from it at the beginning of a file.
func parseReadme(src []byte, kind string) readme {
	text := strings.ReplaceAll(strings.ToValidUTF8(string(bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))), ""), "\r\n", "\n")
	switch kind {
	case "rst":
		text = rstDirective.ReplaceAllString(text, "")
		text = rstLink.ReplaceAllString(text, "$1")
		text = rstTitle.ReplaceAllString(text, "# $2")
		text = strings.ReplaceAll(text, "``", "`")
	case "adoc", "asciidoc":
		text = adocLine.ReplaceAllString(text, "")
		text = adocTitle.ReplaceAllStringFunc(text, func(s string) string { return strings.ReplaceAll(s, "=", "#") })
		text = adocLink.ReplaceAllString(text, "$1")
	default:
		text = comments.ReplaceAllString(frontMatter.ReplaceAllString(text, ""), "")
	}
	rm := readme{laterVersions: laterVersions.MatchString(cleanLine(text))}
	var page bytes.Buffer
	if err := toHTML.Convert([]byte(text), &page); err != nil {
		return rm
	}
	rm.take(blocks(&page))
	return rm
}

// block is a heading, a paragraph, an entry of a list, or a place where something
// stood that is no running text.
type block struct {
	kind atom.Atom // H1 to H6, P, Li or Pre
	text string
}

// maxBlocks bounds the blocks of a README that are looked at.
const maxBlocks = 400

// blocks takes a page apart. What is no running text goes: pictures, code,
// tables, and with the pictures the badges.
func blocks(page *bytes.Buffer) []block {
	var out []block
	var text strings.Builder
	current, skip, alone := atom.P, 0, true
	flush := func(next atom.Atom) {
		if t := cleanLine(text.String()); t != "" {
			// A line of nothing but links is a menu, or what is left of badges.
			if !alone || current != atom.P {
				out = append(out, block{current, t})
			}
		}
		text.Reset()
		current, alone = next, true
	}
	links := 0
	z := htmltoken.NewTokenizer(page)
	z.SetMaxBuf(maxReadme * 8)
	for len(out) < maxBlocks {
		kind := z.Next()
		if kind == htmltoken.ErrorToken {
			break
		}
		switch kind {
		case htmltoken.TextToken:
			if skip > 0 {
				continue
			}
			t := string(z.Text())
			t = htmltoken.UnescapeString(t)
			if links == 0 && strings.Trim(t, " \t\r\n|·•-–—/,&*") != "" {
				alone = false
			}
			text.WriteString(t)
		case htmltoken.StartTagToken, htmltoken.EndTagToken, htmltoken.SelfClosingTagToken:
			name, _ := z.TagName()
			begins := kind == htmltoken.StartTagToken
			switch tag := atom.Lookup(name); tag {
			case atom.Pre, atom.Table, atom.Script, atom.Style, atom.Svg, atom.Iframe, atom.Object, atom.Textarea, atom.Title, atom.Noscript, atom.Xmp:
				if begins {
					flush(atom.P)
					out = append(out, block{kind: atom.Pre})
					skip++
				} else if skip > 0 {
					skip--
				}
			case atom.A:
				if begins {
					links++
				} else if links > 0 {
					links--
				}
			case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li:
				flush(atom.P)
				if begins {
					current = tag
				}
			case atom.P, atom.Div, atom.Ul, atom.Ol, atom.Blockquote, atom.Hr, atom.Center, atom.Details, atom.Summary, atom.Section, atom.Dl, atom.Dd, atom.Dt:
				if tag != atom.P || current != atom.Li {
					flush(atom.P)
				}
				links = 0
			case atom.Br:
				text.WriteByte(' ')
			}
		}
	}
	flush(atom.P)
	return out
}

var (
	featuresHeading = regexp.MustCompile(`(?i)^[^\p{L}]*(?:key |main |core )?(?:features|funktionen|funktionsumfang|leistungsumfang|merkmale|funzionalità|fonctionnalités|functionaliteiten|características)\b`)
	introHeading    = regexp.MustCompile(`(?i)^[^\p{L}]*(?:about|introduction|overview|description|what is|what it does|über|einführung|einleitung|überblick|beschreibung|was ist|introduzione|descrizione|cos'è|présentation|à propos|inleiding|over)\b`)
	// translated are the words that only lead to another README.
	translated = regexp.MustCompile(`(?i)^[^\p{L}]*(?:english|deutsch|german|français|italiano|english version|deutsche version)[^\p{L}]*(?:version|readme)?[^\p{L}]*$`)
)

// generalHeading is a heading that any repository could have.
var generalHeading = regexp.MustCompile(`(?i)^[^\p{L}]*(?:\d|(?:project title|readme|read me|welcome|willkommen|introduction|overview|documentation|dokumentation|getting started|installation|install|setup|usage|license|licence|lizenz|table of contents|contents|inhalt|features|about|prerequisites|requirements)\b[^\p{L}]*$)`)

// nameIn is the name in a heading that explains it as well: "Radkeller – parking
// for bicycles".
func nameIn(heading string) string {
	for _, separator := range []string{" - ", " – ", " — ", " | ", ": "} {
		if name, _, ok := strings.Cut(heading, separator); ok && name != "" {
			heading = name
		}
	}
	return strings.TrimRight(heading, " |:-–—")
}

const maxFeatures = 20

// take finds title, introduction and features among the blocks of the page.
func (rm *readme) take(all []block) {
	intro, features := true, false
	for _, b := range all {
		switch {
		case b.kind == atom.H1 && rm.title == "" && !generalHeading.MatchString(b.text):
			rm.title = nameIn(b.text)
		case b.kind == atom.P:
			features = features && len(rm.features) == 0
			if intro && (len(rm.paragraphs) > 0 || isSentence(b.text)) && !translated.MatchString(b.text) {
				rm.paragraphs = append(rm.paragraphs, b.text)
			}
		case b.kind == atom.Pre: // what follows is likely to explain it
			intro = intro && len(rm.paragraphs) == 0
		case b.kind == atom.Li:
			if t := b.text; features && len(rm.features) < maxFeatures && utf8.RuneCountInString(t) <= 100 {
				rm.features = append(rm.features, strings.TrimRight(t, ".;"))
			}
		default: // a further heading
			features = featuresHeading.MatchString(b.text) && len(rm.features) == 0
			if len(rm.paragraphs) > 0 || !introHeading.MatchString(b.text) && rm.title != "" {
				intro = introHeading.MatchString(b.text)
			}
			if rm.title == "" && b.kind == atom.H2 && len(rm.paragraphs) == 0 && !generalHeading.MatchString(b.text) {
				rm.title = nameIn(b.text)
			}
		}
	}
}

// isSentence tells running text from labels.
func isSentence(s string) bool {
	return len(strings.Fields(s)) >= 4
}
