// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/allmende-registry/allmende/registry"
)

// Report counts what a build did.
type Report struct {
	Pages     int `json:"pages"`     // HTML pages of the site
	Written   int `json:"written"`   // files that are new or differ
	Unchanged int `json:"unchanged"` // files that were right already
	Removed   int `json:"removed"`   // files of an earlier build that are no longer part of the site
	Skipped   int `json:"skipped"`   // entries whose ID cannot be a path
	// InPlace says that the files were put into place one by one, so that for a
	// moment a reader saw old and new ones.
	InPlace bool    `json:"inPlace"`
	Seconds float64 `json:"seconds"`
}

// Making says how a site is made. The zero value is usable.
type Making struct {
	// Full makes all pages, also those that the build before has made.
	Full bool
	// Unchecked leaves out that all links of the site lead somewhere.
	Unchecked bool
	// Progress is told now and then how many entries are made and how many there
	// are to make.
	Progress func(made, all int)
}

// Build is Make with the zero value.
func (s *Site) Build(ctx context.Context, dir string) (Report, error) {
	return s.Make(ctx, dir, Making{})
}

// Make writes the site into a directory, which is made where it is missing. It
// is made beside it and exchanged with what was there in one step, so that a
// reader sees the one or the other; where the directory is a mount point, or
// nothing may be written beside it, file by file. What an earlier build wrote and
// is no longer part of the site is removed, what others put there is kept. Only
// what changed since the build before is made again: pages of entries that
// changed, and what shows them. The same catalogue gives the same bytes.
//
// The error wraps registry.ErrInvalid where a first build would overwrite a file
// that it did not write and where a link leads nowhere, and registry.ErrConflict
// while another build writes there. After an error the site is as it was.
func (s *Site) Make(ctx context.Context, dir string, how Making) (Report, error) {
	begin := time.Now()
	st, err := openStage(dir)
	if err != nil {
		return Report{}, fmt.Errorf("site: build into %s: %w", dir, err)
	}
	b := &build{site: s, how: how, stage: st, out: newOutput(st)}
	b.out.full = how.Full
	err = b.run(ctx)
	if closeErr := st.close(); err == nil {
		err = closeErr
	}
	b.report.Written, b.report.Removed = b.out.written, b.out.removed
	b.report.Unchanged = max(b.report.Unchanged, len(b.out.now)-b.out.written)
	b.report.Pages = max(b.report.Pages, b.out.pages)
	b.report.InPlace, b.report.Seconds = st.inside, time.Since(begin).Seconds()
	if err != nil {
		return b.report, fmt.Errorf("site: build into %s: %w", dir, err)
	}
	return b.report, nil
}

// build is the making of a site. Entries are made by several at a time.
type build struct {
	site   *Site
	how    Making
	stage  *stage
	out    *output
	report Report
	before *state // of the build before; nil for none
	after  *state

	around   *surroundings
	overview *overview
	mu       sync.Mutex
	records  []*record          // in order of ID
	byKey    map[string]*record // see keyOf
	variants map[string]bool    // keys of what something is a variant of
	cards    map[string][]card  // by language, of the entries that have a page, in order of name
	paths    []string
	sums     map[registry.ID][]string // of the cards
	shared   string                   // fingerprint of what the overview counts
}

func (b *build) run(ctx context.Context) error {
	s := b.site
	program, err := s.fingerprint(!b.how.Unchecked)
	if err != nil {
		return err
	}
	rev, err := s.catalogue.Rev(ctx)
	if err != nil {
		return fmt.Errorf("revision: %w", err)
	}
	today := s.now()
	b.after = &state{Program: program, Day: today.UTC().Format(time.DateOnly), Keys: map[string]string{}}
	if b.after.Days, err = b.days(ctx, today); err != nil {
		return err
	}
	if !b.how.Full {
		b.before = readState(b.stage.live(stateName), program)
	}
	board, err := readBoard(ctx, s.catalogue, today)
	if err != nil {
		return err
	}
	b.after.Needs = board.print
	if was := b.before; was != nil && was.Rev == rev && was.Day == b.after.Day && was.Days == b.after.Days && was.Needs == b.after.Needs && !b.stage.touched {
		b.report.Pages, b.report.Unchanged, b.report.Skipped = was.Pages, len(b.stage.files), was.Skipped
		return nil
	}
	if err := b.stage.prepare(); err != nil {
		return err
	}
	if !b.how.Unchecked {
		var counts map[string]int
		if b.before != nil {
			counts = b.before.Links
		}
		b.out.links = newLinks(s.prefix, counts)
	}
	if b.after.Rev, err = b.entries(ctx, rev, board); err != nil {
		return err
	}
	if err := b.pages(ctx, today); err != nil {
		return err
	}
	b.formerAssets()
	if err := b.out.sweep(); err != nil {
		return err
	}
	if b.out.links != nil {
		if err := b.out.links.check(b.stage, b.out.now); err != nil {
			return err
		}
		b.after.Links = b.out.links.counts
	}
	b.after.records, b.after.Pages, b.after.Skipped = b.records, b.out.pages, b.report.Skipped
	if err := b.after.write(b.stage.path(stateName), b.before); err != nil {
		return err
	}
	return b.stage.publish(b.out.now)
}

// days is the fingerprint of the newest statistics, which are no changes of the
// log.
func (b *build) days(ctx context.Context, today time.Time) (string, error) {
	var newest []*registry.Day
	for day, err := range b.site.catalogue.Days(ctx, today.AddDate(0, 0, -3).UTC().Format(time.DateOnly), "") {
		if err != nil {
			return "", fmt.Errorf("statistics: %w", err)
		}
		newest = append(newest, day)
	}
	return digest(newest)
}

// formerAssets leaves the assets of the build before for one more: somebody may
// still hold a page that needs them.
func (b *build) formerAssets() {
	var kept []string
	if b.before != nil {
		kept = b.before.Former
	}
	for name := range b.stage.files {
		if strings.HasPrefix(name, "assets/") && b.out.wanted(name) && !slices.Contains(kept, name) && b.out.keep(name) {
			b.after.Former = append(b.after.Former, name)
		}
	}
	slices.Sort(b.after.Former)
}

// entries makes what is of one entry alone, and follows the log meanwhile. It
// returns the revision that the pages show.
func (b *build) entries(ctx context.Context, rev registry.Rev, board *board) (registry.Rev, error) {
	var todo []*record
	var fades []registry.ID
	since := rev
	if b.before == nil {
		if err := b.readAll(ctx); err != nil {
			return 0, err
		}
		todo = b.records
	} else {
		since = b.before.Rev
		b.records = b.before.records
		for _, r := range b.records {
			for _, name := range r.Files {
				b.out.keep(name)
			}
		}
		fades = b.faded(b.before.Day, b.after.Day)
	}
	const rounds = 10 // of a catalogue that does not come to rest
	for range rounds {
		changed, err := b.readChanged(ctx, since, fades...)
		if err != nil {
			return 0, err
		}
		since = rev
		moved, err := b.surround(ctx, board)
		if err != nil {
			return 0, err
		}
		others, err := b.readChanged(ctx, since, moved...)
		if err != nil {
			return 0, err
		}
		changed = append(changed, others...)
		if err := b.make(ctx, append(todo, changed...)); err != nil {
			return 0, err
		}
		todo, fades = nil, nil
		if rev, err = b.site.catalogue.Rev(ctx); err != nil {
			return 0, fmt.Errorf("revision: %w", err)
		}
		if rev == since {
			break
		}
	}
	return since, nil
}

// surround finds out what is around the entries, and around which of them that is
// something else than in the build before.
func (b *build) surround(ctx context.Context, board *board) (moved []registry.ID, err error) {
	var known organisations
	for _, r := range b.records {
		known.add(r.Gist)
	}
	if b.around, err = newSurroundings(known, board); err != nil {
		return nil, err
	}
	b.after.Known = b.around.Organisations
	if b.before == nil {
		return nil, nil
	}
	others, needs := b.before.Known != b.after.Known, b.before.Needs != b.after.Needs
	var asked []*record
	for _, r := range b.records {
		if others && r.Gist.Claims > 0 || needs && (r.Needs || b.around.needs(r.ID)) {
			asked = append(asked, r)
		}
	}
	err = every(ctx, asked, func(ctx context.Context, r *record) error {
		entry, err := b.site.catalogue.Get(ctx, r.ID)
		if registry.Absent(err) {
			return nil // meanwhile: the log tells
		}
		if err != nil {
			return fmt.Errorf("entry %s: %w", r.ID, err)
		}
		print, err := b.around.of(entry, b.site.now()).Print()
		if err == nil && print != r.Around {
			b.mu.Lock()
			moved = append(moved, r.ID)
			b.mu.Unlock()
		}
		return err
	})
	return moved, err
}

// make makes the files of entries.
func (b *build) make(ctx context.Context, todo []*record) error {
	b.byKey, b.variants = make(map[string]*record, len(b.records)), map[string]bool{}
	for _, r := range b.records {
		b.byKey[keyOf(r.ID)] = r
		for _, id := range r.Based {
			b.variants[keyOf(id)] = true
		}
	}
	todo = slices.DeleteFunc(slices.Clone(todo), func(r *record) bool { return b.byKey[keyOf(r.ID)] != r || r.Path == "" })
	slices.SortFunc(todo, func(x, y *record) int { return strings.Compare(string(x.ID), string(y.ID)) })
	todo = slices.Compact(todo)
	var made atomic.Int64
	return every(ctx, todo, func(ctx context.Context, r *record) error {
		entry, err := b.site.catalogue.Get(ctx, r.ID)
		if registry.Absent(err) {
			return nil // meanwhile: the log tells
		}
		if err != nil {
			return fmt.Errorf("entry %s: %w", r.ID, err)
		}
		out := &entryOutput{build: b}
		if err := b.entryFiles(ctx, entry, r.Path, out); err != nil {
			return err
		}
		r.Files, r.Shared, r.Near, r.Like, r.Needs, r.made = out.names, out.shared, out.near, out.like, b.around.needs(r.ID), true
		if r.Around, err = out.around.Print(); err != nil {
			return err
		}
		if n := int(made.Add(1)); b.how.Progress != nil {
			b.how.Progress(n, len(todo))
		}
		return nil
	})
}

// pages makes what is of many entries.
func (b *build) pages(ctx context.Context, today time.Time) error {
	s := b.site
	for name, a := range s.assets.files {
		if err := b.out.write("assets/"+name, a.content); err != nil {
			return err
		}
	}
	b.overview = newOverview(b.after.Rev, s.opt.Publishers, today)
	b.overview.around = b.around
	b.cards, b.sums = map[string][]card{}, make(map[registry.ID][]string, len(b.records))
	counted := sha256.New()
	fmt.Fprintln(counted, b.after.Day, b.after.Needs, b.after.Known)
	for _, r := range b.records {
		for _, name := range r.Shared {
			b.out.keep(name)
		}
		b.overview.add(r.Gist)
		fmt.Fprintln(counted, r.Sum)
		if r.Path == "" {
			b.report.Skipped++
			s.log.Warn("entry left out: its ID cannot be a path", "id", r.ID)
			continue
		}
		b.paths = append(b.paths, r.Path)
		b.sums[r.ID] = r.Sums
		for i, lang := range languages {
			b.cards[lang] = append(b.cards[lang], r.Cards[i])
		}
	}
	b.shared = hex.EncodeToString(counted.Sum(nil))
	if err := b.overview.finish(ctx, s.catalogue); err != nil {
		return err
	}
	if err := every(ctx, languages, b.lists); err != nil {
		return err
	}
	if err := b.searchFiles(ctx); err != nil {
		return err
	}
	if err := b.aliases(ctx); err != nil {
		return err
	}
	if err := b.out.write("robots.txt", s.robots()); err != nil {
		return err
	}
	if s.origin == "" {
		return nil
	}
	if err := b.announced(); err != nil {
		return err
	}
	return b.out.write("sitemap.xml", s.sitemap(slices.Concat(s.fixedPaths(b.overview), b.paths)))
}

// entryOutput takes the files of one entry.
type entryOutput struct {
	build  *build
	names  []string
	shared []string      // that other entries may have too
	near   []registry.ID // of its family
	like   []registry.ID // named as similar
	around around
}

// page writes a page to the file of its path.
func (o *entryOutput) page(p *page) error {
	name, body, err := o.build.render(p, p.Path)
	if err != nil {
		return err
	}
	return o.write(name, body)
}

// write writes a file, named from the root of the site.
func (o *entryOutput) write(name string, content []byte) error {
	if !slices.Contains(o.shared, name) {
		o.names = append(o.names, name)
	}
	return o.build.out.write(name, content)
}

// wanted claims a file that other entries may have too, and reports whether it
// is still to be written.
func (o *entryOutput) wanted(name string) bool {
	if !slices.Contains(o.shared, name) {
		o.shared = append(o.shared, name)
	}
	return o.build.out.wanted(name)
}

// entryFiles writes the files of one entry: its pages in all languages, and
// what they show of it alone. It is called by several at a time, each with
// another entry. What several entries have in common is written where it is wanted.
func (b *build) entryFiles(ctx context.Context, entry *registry.Software, path string, out *entryOutput) error {
	others, err := b.neighbours(ctx, entry)
	if err != nil {
		return err
	}
	out.near, out.like, out.around = others.relatives(), others.like, *others.around
	past, err := b.site.history(ctx, entry.ID)
	if err != nil {
		return fmt.Errorf("history of %s: %w", entry.ID, err)
	}
	name, data, err := entryData(entry, path)
	if err == nil {
		err = out.write(name, data)
	}
	if err != nil {
		return err
	}
	if b.site.origin != "" { // else no page can name it
		name, picture, err := b.site.preview(entry)
		if err == nil {
			err = out.write(name, picture)
		}
		if err != nil {
			return err
		}
	}
	if entry, err = b.site.pictures(ctx, entry, out.wanted, out.write); err != nil {
		return err
	}
	for _, lang := range languages {
		if err := out.page(b.site.softwarePage(lang, entry, others, path, true)); err != nil {
			return err
		}
		if err := out.page(b.site.historyPage(lang, past, true)); err != nil {
			return err
		}
	}
	return nil
}

// page writes a page to the file of its path.
func (b *build) page(p *page) error { return b.pageAt(p, p.Path) }

func (b *build) pageAt(p *page, path string) error {
	name, body, err := b.render(p, path)
	if err != nil {
		return err
	}
	return b.out.write(name, body)
}

// render makes the file for a page at a path.
func (b *build) render(p *page, path string) (name string, body []byte, err error) {
	if body, err = b.site.render(p); err != nil {
		return "", nil, err
	}
	name, err = filePath(localPath(p.Lang, path))
	return name, body, err
}

// neighbours are those of an entry, by what is known of all entries.
func (b *build) neighbours(ctx context.Context, entry *registry.Software) (n neighbours, err error) {
	if len(entry.BasedOn) > 0 || b.variants[keyOf(entry.ID)] {
		if n.family, err = registry.Family(ctx, b.site.catalogue, entry); err != nil {
			return n, err
		}
	}
	if n.like, err = b.site.similar(ctx, entry.ID, n.relatives()); err != nil {
		return n, err
	}
	n.similar = map[string][]card{}
	for _, id := range n.like {
		if r := b.byKey[keyOf(id)]; r != nil && r.Path != "" {
			for i, lang := range languages {
				n.similar[lang] = append(n.similar[lang], r.Cards[i])
			}
		}
	}
	around := b.around.of(entry, b.site.now())
	n.around = &around
	return n, nil
}

func (b *build) lists(ctx context.Context, lang string) error {
	s, o := b.site, b.overview
	cards := b.cards[lang]
	order := collate.New(language.Make(lang), collate.IgnoreCase)
	keys := make(map[registry.ID][]byte, len(cards))
	var buffer collate.Buffer
	for _, c := range cards {
		keys[c.ID] = slices.Clone(order.KeyFromString(&buffer, c.Name))
		buffer.Reset()
	}
	slices.SortFunc(cards, func(x, y card) int {
		return cmp.Or(slices.Compare(keys[x.ID], keys[y.ID]), strings.Compare(string(x.ID), string(y.ID)))
	})

	if err := b.pageAt(s.messagePage(lang, "notfound", true), "/404.html"); err != nil {
		return err
	}
	facets := writtenFacets(s, lang, o, cards)
	filters, err := digest(facets)
	if err != nil {
		return err
	}
	shown, err := s.piece(lang, "filters", facets)
	if err != nil {
		return fmt.Errorf("filters of lists: %w", err)
	}
	err = split(s, lang, listPath, cards, func(path string, part []card, first int, pages []choice) error {
		if b.keeps(lang, path, part, filters, len(cards)) {
			return nil
		}
		l := &listing{
			Total: len(cards), Found: "list.all", Cards: part, Facets: facets, Filters: template.HTML(shown), Pages: pages, //nolint:gosec // made by a template
			Index:   s.searchPath(),
			Numbers: [2]int{first + 1, first + len(part)},
		}
		return b.page(s.listPage(lang, path, l, true))
	})
	if err != nil {
		return err
	}

	for _, section := range sections {
		if err := b.section(ctx, lang, section, cards); err != nil {
			return err
		}
	}
	return nil
}

// section writes the pages of a part of the site.
func (b *build) section(ctx context.Context, lang string, section section, cards []card) error {
	by := map[string][]card{}
	if section.facet != "" {
		for _, c := range cards {
			for _, value := range section.keys(c) {
				by[value] = append(by[value], c)
			}
		}
	}
	put := func(path string, part *part) error {
		if !section.single {
			at, total, list := path, 0, []card(nil)
			if part != nil {
				at, total, list = part.path, part.total, part.cards
			}
			if b.keeps(lang, at, list, "", total) {
				return nil
			}
		}
		_, rest, err := splitPath(path)
		if err != nil {
			return err
		}
		r := request{lang: lang, rest: rest, static: true, part: part, overview: func(context.Context) (*overview, error) { return b.overview, nil }}
		a, err := section.answer(b.site, ctx, r)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", path, err)
		case a.page == nil:
			return fmt.Errorf("%s leads to %s and is no page", path, a.location)
		}
		return b.page(a.page)
	}
	for _, path := range section.paths(b.site, b.overview) {
		_, value, err := splitPath(path)
		if err != nil {
			return err
		}
		if section.facet == "" || value == "" {
			if err := put(path, nil); err != nil {
				return err
			}
			continue
		}
		all := by[strings.TrimPrefix(value, section.below)]
		err = split(b.site, lang, path, all, func(at string, cards []card, _ int, pages []choice) error {
			return put(path, &part{path: at, total: len(all), cards: cards, pages: pages})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// keeps reports whether a page is as the build before left it: it shows the
// same cards of as many, and the same of everything else.
func (b *build) keeps(lang, path string, cards []card, rest string, total int) bool {
	sum := sha256.New()
	fmt.Fprintln(sum, rest, b.shared, total)
	of := slices.Index(languages, lang)
	for _, c := range cards {
		fmt.Fprintln(sum, b.sums[c.ID][of])
	}
	key := hex.EncodeToString(sum.Sum(nil)[:16])
	name, err := filePath(localPath(lang, path))
	if err != nil {
		return false
	}
	return b.same(name, key)
}

// same reports whether the build before left a file that was made of the same, by
// its fingerprint.
func (b *build) same(name, key string) bool {
	b.mu.Lock()
	b.after.Keys[name] = key
	b.mu.Unlock()
	return b.before != nil && b.before.Keys[name] == key && b.out.keep(name)
}

// split calls write for each page of a long list: path itself, path/page/2/
// and so on.
func split(s *Site, lang, path string, cards []card, write func(path string, part []card, first int, pages []choice) error) error {
	n := max(1, (len(cards)+fileSize-1)/fileSize)
	address := func(page int) string { return s.prefix + localPath(lang, partPath(path, page)) }
	for i := range n {
		pages, first := pageChoices(n, i+1, address), i*fileSize
		if err := write(partPath(path, i+1), cards[first:min(len(cards), first+fileSize)], first, pages); err != nil {
			return err
		}
	}
	return nil
}

// aliases leaves a page at each former address of an entry.
func (b *build) aliases(ctx context.Context) error {
	aliases, err := b.site.catalogue.Aliases(ctx)
	if err != nil {
		return fmt.Errorf("aliases: %w", err)
	}
	there := make(map[string]bool, len(b.paths))
	for _, path := range b.paths {
		there[path] = true
	}
	for from, to := range aliases {
		old, ok := softwarePath(from)
		if !ok || there[old] {
			continue
		}
		path, ok := softwarePath(to)
		if !ok || !there[path] {
			continue
		}
		for _, lang := range languages {
			if err := b.pageAt(b.site.movedPage(lang, path), old); err != nil {
				return err
			}
		}
	}
	return nil
}

// writtenFacets are the facets of a list in files: values that have a page lead
// to it, the others are filters of the script.
func writtenFacets(s *Site, lang string, o *overview, cards []card) []facet {
	counted := map[registry.Facet]map[string]int{}
	for _, kind := range mainFacets {
		counted[kind] = map[string]int{}
	}
	for _, c := range cards {
		for _, kind := range mainFacets {
			for _, value := range c.values(kind) {
				counted[kind][value]++
			}
		}
	}
	var facets []facet
	for _, kind := range mainFacets {
		f := facet{Key: string(kind)}
		delete(counted[kind], "")
		values := frequent(counted[kind])
		for _, v := range values[:min(len(values), writtenValues)] {
			href := facetPath(kind, v.Value)
			script := href == ""
			f.Script = f.Script || script
			if script {
				href = listPath + address(registry.Query{Filters: map[registry.Facet][]string{kind: {v.Value}}})
			}
			f.add(facetValue{Value: v.Value, Label: o.label(kind, v.Value, lang), Href: s.prefix + localPath(lang, href), N: v.N, Script: script}, topValues)
		}
		if f.Values != nil {
			f.Script = f.Script && !slices.ContainsFunc(slices.Concat(f.Values, f.More), func(v facetValue) bool { return !v.Script })
			facets = append(facets, f)
		}
	}
	return facets
}
