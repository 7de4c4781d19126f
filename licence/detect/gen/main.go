// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Command gen packs the licence texts that package detect compares with. Its
// arguments are spdx-full.json of the npm package spdx-license-list, the folder
// of further texts (named ID.txt or ID.LANGUAGE.txt), and the file to write;
// gen.sh fetches the package and runs it.
//
// Written is a compressed text: every sentence once, a line each; an empty line;
// then a line a licence with its identifier and the numbers of its sentences as
// ranges, where "?" begins what may be absent and "!" ends it.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"

	"github.com/allmende-registry/allmende/spdx"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: gen SPDX-FULL.JSON TEXTS-FOLDER OUTPUT")
	}
	texts, err := read(os.Args[1], os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	var out bytes.Buffer
	if err := pack(&out, texts); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[3], out.Bytes(), 0o644); err != nil { //nolint:gosec // public data of the repository
		log.Fatal(err)
	}
	log.Printf("%d texts, %d bytes", len(texts), out.Len())
}

// least is how many words a text has that can be told from others.
const least = 30

// text is one text of a licence; several may have the same identifier.
type text struct{ id, body string }

// read returns the texts of both sources without doubles, ordered so that the
// output is the same for the same input.
func read(list, folder string) ([]text, error) {
	data, err := os.ReadFile(list) //nolint:gosec // named by the developer
	if err != nil {
		return nil, err
	}
	var licences map[string]struct {
		Text string `json:"licenseText"`
	}
	if err := json.Unmarshal(data, &licences); err != nil {
		return nil, fmt.Errorf("%s: %w", list, err)
	}
	deprecated := map[string]bool{}
	for _, id := range spdxlicenses.GetDeprecated() {
		deprecated[id] = true
	}
	bodies := map[string]text{}
	add := func(id, body string) {
		if len(strings.Fields(body)) < least {
			return
		}
		body = broken.ReplaceAllString(body, "$1 ")
		key := strings.Join(strings.FieldsFunc(strings.ToLower(body), func(c rune) bool { return c < 'a' || c > 'z' }), "")
		if former, ok := bodies[key]; !ok || len(id) < len(former.id) || len(id) == len(former.id) && id < former.id {
			bodies[key] = text{id, body}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(licences)) {
		if deprecated[id] {
			continue
		}
		family, body := spdx.Family(id), licences[id].Text
		if family == "LGPL-3.0" {
			// The list has the GPL behind it, to which it refers; that is a text of its own.
			body, _, _ = strings.Cut(body, "GNU GENERAL PUBLIC LICENSE")
		}
		add(family, body)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		body, err := os.ReadFile(name) //nolint:gosec // as above
		if err != nil {
			return nil, err
		}
		add(language.ReplaceAllString(filepath.Base(name), ""), string(body))
	}
	texts := slices.Collect(maps.Values(bodies))
	slices.SortFunc(texts, func(a, b text) int { return strings.Compare(a.id+"\x00"+a.body, b.id+"\x00"+b.body) })
	return texts, nil
}

var (
	language = regexp.MustCompile(`(?:\.[a-z]{2})?\.txt$`)
	// sentence is where a long line is cut, so that what texts share is found.
	sentence   = regexp.MustCompile(`[^.;:]+[.;:]*`)
	paragraphs = regexp.MustCompile(`\r?\n[ \t]*\r?\n`)
	broken     = regexp.MustCompile(`(?i)\b(non-?)\s*\n\s*`) // one word over two lines
	owner      = regexp.MustCompile(`(?i)^\W*(?:copyright|©|\(c\)|all rights)`)

	// tail begins what people leave off or add at the end: instructions how to
	// apply the licence, notices that it takes along, the appendix of the EUPL.
	tail = regexp.MustCompile(`(?mi)^[^\w\pL]*(?:END OF TERMS AND CONDITIONS|APPENDIX: How to apply|How to Apply These Terms|Exhibit A\b|ADDENDUM: How to use|` +
		`Creative Commons Notice|Creative Commons is not a party|Creative Commons may be contacted|The text of the Creative Commons public licenses|` +
		`Appendix$|Appendice$|Anlage$|Aanhangsel$|Apéndice$|Apêndice$|Apendice$|Appendiċi$|Załącznik$|Tillägg$|Tillæg$|Lisäys$|Liide$|Dodatek$|Dodatak$|Dodatok$|` +
		`Függelék$|Priedėlis$|Papildinājums$|Προσάρτημα$|Допълнение$|"?Compatible Licences"? according to|Using this licen[cs]e|NOTICE PURSUANT TO SECTION 9|When you use (?:the|this) )`)
	// head ends what people leave off at the beginning.
	head = regexp.MustCompile(`(?mi)^\W*(?:By exercising the Licensed Rights|THE WORK \(AS DEFINED BELOW\)|Statement of Purpose|License$)`)
)

// short is how many words a heading has at most.
const short = 15

// pack writes the texts.
func pack(w io.Writer, texts []text) error {
	numbers := map[string]int{}
	var sentences, licences []string
	for _, t := range texts {
		var line strings.Builder
		line.WriteString(t.id)
		var from, to int
		flush := func() {
			switch {
			case to == from+1:
				fmt.Fprintf(&line, " %d", from)
			case to > from:
				fmt.Fprintf(&line, " %d-%d", from, to-1)
			}
			from, to = 0, 0
		}
		optional := false
		for _, part := range split(t.body) {
			if part.optional != optional {
				optional = part.optional
				flush()
				line.WriteString(map[bool]string{true: " ?", false: " !"}[optional])
			}
			n, known := numbers[part.words]
			if !known {
				n = len(sentences)
				numbers[part.words] = n
				sentences = append(sentences, part.words)
			}
			if n != to || to == 0 {
				flush()
				from = n
			}
			to = n + 1
		}
		flush()
		licences = append(licences, line.String())
	}
	zip, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(zip)
	for _, s := range slices.Concat(sentences, []string{""}, licences) {
		fmt.Fprintln(b, s)
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return zip.Close()
}

// part is a sentence or a shorter piece of a text.
type part struct {
	words    string
	optional bool
}

// split cuts a text into pieces, and says which may be absent: headings, and what
// head and tail say.
func split(body string) (parts []part) {
	first, last := headings(body), len(body)
	if at := head.FindStringIndex(body); at != nil && at[0] < len(body)/2 {
		first = max(first, at[0])
	}
	if at := tail.FindStringIndex(body[len(body)/3:]); at != nil {
		last = len(body)/3 + at[0]
	}
	at := 0
	for line := range strings.Lines(body) {
		optional := at < first || at >= last
		at += len(line)
		text := strings.Join(strings.Fields(line), " ")
		pieces := []string{text}
		if len(text) > 200 {
			pieces = sentence.FindAllString(text, -1)
		}
		begin := len(parts)
		for _, piece := range pieces {
			switch piece = strings.TrimSpace(piece); {
			case piece == "":
			case len(parts) > begin && owner.MatchString(piece): // within a line it is no copyright line
				parts[len(parts)-1].words += " " + piece
			default:
				parts = append(parts, part{piece, optional})
			}
		}
	}
	return parts
}

// headings returns the length of the short paragraphs before the first long one,
// 0 where there would not be much left.
func headings(body string) (length int) {
	for _, paragraph := range paragraphs.Split(body, -1) {
		if len(strings.Fields(paragraph)) > short {
			break
		}
		length += len(paragraph) + 2
	}
	if length > len(body)/4 {
		return 0
	}
	return length
}
