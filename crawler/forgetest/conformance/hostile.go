// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry"
)

// spoil lets something go wrong with the answers of a world's servers.
func spoil(t *testing.T, w *forgetest.World, s spoiler) {
	t.Helper()
	spoilers.Store(w, s)
	t.Cleanup(func() { spoilers.Delete(w) })
}

// enough is how many requests a forge whose answers are of no use is asked at
// the most, until it is plain that nobody looks at them.
const enough = 1500

// TestHostile is what every adapter passes against a forge that answers nonsense:
// what it does ends, is bounded, and says what and where. The client of the
// adapter is that of Guarded, which bounds answers. newForge is as in TestForge.
func TestHostile(t *testing.T, newForge func(t *testing.T, w *forgetest.World) crawler.Forge, kind string) {
	s := suite{kind: kind, tells: kinds[kind], newForge: newForge}
	t.Run("a limit without end", s.limited)
	for name, tt := range nonsense() {
		t.Run(name, func(t *testing.T) {
			w := forgetest.New(s.alive("stadt/wahl"), s.alive("stadt/kita"), s.alive("land/wald"))
			f := newForge(t, w)
			honest := mustList(t, f, "stadt")

			var requests atomic.Int64
			before := tt.asked
			tt.asked = func(r *http.Request) {
				if requests.Add(1) == enough {
					t.Errorf("over %d requests", enough)
				}
				if requests.Load() >= enough {
					panic(http.ErrAbortHandler)
				}
				if before != nil {
					before(r)
				}
			}
			spoil(t, w, tt.spoiler)
			ctx := fetch.WithAttempts(t.Context(), 1)
			for _, l := range []crawler.Listing{
				{Path: "stadt"}, {Path: "stadt", Known: func(crawler.Repo) bool { return false }}, {Path: "stadt/wahl"}, {Path: ""},
			} {
				if l.Path == "" && !s.tells.instance {
					continue
				}
				n := 0
				var last error
				for page, err := range newForge(t, w).Repos(ctx, []crawler.Listing{l}) {
					last = err
					for _, r := range page.Repos {
						n++
						sensible(t, r.Repository)
					}
					for _, p := range page.Progress {
						last = p.Err
					}
				}
				if slices.Contains(tt.useless, l.Path) && last == nil {
					t.Errorf("Repos(%q): %d repositories and no error", l.Path, n)
				}
				tellsWhy(t, last)
			}
			described, err := f.Describe(ctx, honest)
			tellsWhy(t, err)
			for _, d := range described {
				tellsWhy(t, d.Err)
				sensible(t, d.Repo.Repository)
				if d.Activity != nil {
					sensibleActivity(t, d.Activity)
				}
			}
			if comparer, ok := f.(crawler.Comparer); ok {
				c, err := comparer.Compare(ctx, honest[0], honest[1])
				SensibleComparison(t, c, err)
				if !errors.Is(err, crawler.ErrNoComparison) {
					tellsWhy(t, err)
				}
			}
			bare := honest[0]
			bare.Native = nil
			for _, r := range append(honest, bare) {
				tree, err := f.Files(ctx, r)
				if err != nil {
					tellsWhy(t, err)
					continue
				}
				_, _ = fs.ReadFile(tree, "publiccode.yml")
				for _, folder := range []string{".", "docs", "docs/deep"} {
					if entries, err := tree.ReadDir(folder); len(entries) > crawler.MaxDirEntries {
						t.Errorf("ReadDir(%q): %d entries, %v", folder, len(entries), err)
					}
				}
				if commit, err := tree.Commit(); err == nil && !crawler.IsHash(commit) {
					t.Errorf("Commit() = %q", commit)
				}
			}
		})
	}
}

// limited: a rate limit that does not end is one for all paths and repositories,
// and is not asked a second time.
func (s suite) limited(t *testing.T) {
	for name, try := range map[string]func(f crawler.Forge, repos []crawler.Repo) error{
		"Repos": func(f crawler.Forge, _ []crawler.Repo) (last error) {
			for _, err := range f.Repos(t.Context(), []crawler.Listing{{Path: "stadt"}, {Path: "land"}, {Path: "a/b"}, {Path: "b"}, {Path: "c"}}) {
				last = err
			}
			return last
		},
		"Describe": func(f crawler.Forge, repos []crawler.Repo) error {
			described, err := f.Describe(t.Context(), repos)
			for _, d := range described {
				err = errors.Join(err, d.Err)
			}
			return err
		},
	} {
		w := forgetest.New(s.alive("stadt/wahl"), s.alive("stadt/kita"))
		f := s.newForge(t, w)
		repos := mustList(t, f, "stadt")
		var requests atomic.Int64
		spoil(t, w, spoiler{
			asked:  func(*http.Request) { requests.Add(1) },
			header: func(h http.Header) { h.Set("Retry-After", "999999") },
			body:   func() (string, []byte) { return "application/json", []byte(`{"message":"429"}`) },
			status: http.StatusTooManyRequests,
		})
		// Some describe several repositories at a time.
		if err := try(f, repos); err != nil && !errors.Is(err, fetch.ErrLimited) || requests.Load() > 2 || name == "Repos" && (err == nil || requests.Load() > 1) {
			t.Errorf("%s: %d requests, %v, want ErrLimited", name, requests.Load(), err)
		}
	}
}

// bad is a way to answer nonsense.
type bad struct {
	spoiler
	useless []string // the paths whose listing has to fail
}

// Listings that have to fail.
var (
	all    = []string{"stadt", "stadt/wahl", ""}
	lists  = []string{"stadt", ""}
	owners = []string{"stadt"} // as an instance may be empty
)

// nonsense is what forges should not answer.
func nonsense() map[string]bad {
	out := make(map[string]bad)
	say := func(name, media, body string, useless []string) {
		out[name] = bad{spoiler{body: func() (string, []byte) { return media, []byte(body) }}, useless}
	}
	const asJSON = "application/json"
	say("null", asJSON, "null", all)
	say("nothing", asJSON, "", all)
	say("empty object", asJSON, "{}", all)
	say("empty list", asJSON, "[]", nil)
	say("a text", asJSON, `"stadt"`, all)
	say("a number", asJSON, "-7", all)
	say("broken JSON", asJSON, `{"data":[{"id":1`, all)
	say("HTML", "text/html", "<!DOCTYPE html><title>Anmelden</title>", all)
	say("HTML that calls itself JSON", asJSON, "<!DOCTYPE html><title>Anmelden</title>", all)
	say("deep", asJSON, strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000), all)
	say("deep object", asJSON, strings.Repeat(`{"data":`, 100_000)+"1"+strings.Repeat("}", 100_000), all)
	say("millions of zeros", asJSON, "[0"+strings.Repeat(",0", 1_000_000/share)+"]", all)
	say("millions of objects", asJSON, "[{}"+strings.Repeat(",{}", 1_000_000/share)+"]", all)
	say("a long text", asJSON, `{"data":"`+strings.Repeat("x", 20<<20)+`"}`, all)
	for _, list := range []string{`{"values":%s}`, `{"data":%s,"ok":true}`, `{"data":{"projects":{"nodes":%[1]s},"g0":{"projects":{"nodes":%[1]s}},"p0":{"nodes":%[1]s,"repositories":{"nodes":%[1]s}}}}`} {
		say("millions inside "+list[:9], asJSON, fmt.Sprintf(list, "[{}"+strings.Repeat(",{}", 500_000/share)+"]"), all)
	}

	change := func(name string, useless []string, to func(v any, key string) any) {
		out[name] = bad{spoiler{json: func(v any) any { return each(v, "", to) }}, useless}
	}
	change("null in place of lists", lists, func(v any, _ string) any {
		if _, list := v.([]any); list {
			return nil
		}
		return v
	})
	change("null in place of objects in lists", nil, func(v any, _ string) any {
		list, _ := v.([]any)
		for i := range list {
			list[i] = nil
		}
		return v
	})
	change("objects in place of lists", lists, func(v any, _ string) any {
		if _, list := v.([]any); list {
			return map[string]any{"a": "b"}
		}
		return v
	})
	change("long lists", nil, func(v any, _ string) any {
		list, _ := v.([]any)
		text, _ := json.Marshal(list)
		for n := len(list); n > 0 && n*len(text) < 100<<10; n *= 2 { // lists lie in lists
			list = append(list, list...)
		}
		if list != nil {
			return list
		}
		return v
	})
	change("negative numbers", nil, number(func(n string) any { return json.Number("-" + strings.TrimPrefix(n, "-")) }))
	change("large numbers", nil, number(func(n string) any { return json.Number(strings.TrimPrefix(n, "-") + "00000000000") }))
	change("numbers as texts", nil, number(func(n string) any { return n }))
	change("fractions", nil, number(func(n string) any { return json.Number(n + "e-1") }))
	change("texts as numbers", lists, func(v any, _ string) any {
		if _, text := v.(string); text {
			return json.Number("7")
		}
		return v
	})
	for _, date := range []string{"0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-23:59", "99999-01-01T00:00:00Z", "gestern", ""} {
		change(fmt.Sprintf("dates %q", date), nil, func(v any, _ string) any {
			text, _ := v.(string)
			if _, err := time.Parse(time.RFC3339, text); err == nil {
				return date
			}
			return v
		})
	}
	change("texts of 64 KiB", nil, func(v any, key string) any {
		if text, ok := v.(string); ok && people[key] {
			return text + strings.Repeat("ü", 32<<10)
		}
		return v
	})
	change("names that lead away", lists, func(v any, key string) any {
		switch {
		case key == "full_name" || key == "nameWithOwner" || key == "path_with_namespace" || key == "fullPath":
			return "../../" + strings.Repeat("x", 32<<10)
		case strings.HasSuffix(key, "url"):
			return "https://elsewhere.example/"
		}
		return v
	})
	change("odd characters", nil, func(v any, key string) any {
		if text, ok := v.(string); ok && people[key] {
			return text + "\x00\u2028<script>\ufffd"
		}
		return v
	})
	for name, of := range map[string]func(n int64) string{
		"the same cursor for ever": func(int64) string { return "eyJpZCI6IjEifQ" },
		"new cursors for ever":     func(n int64) string { return fmt.Sprint("c", n) },
		"two cursors in turns":     func(n int64) string { return fmt.Sprint("c", n%2) },
	} {
		out[name] = bad{endless(of, func(v any) any { return v }), lists}
		out[name+", nothing listed"] = bad{endless(of, func(v any) any {
			return each(v, "", func(v any, _ string) any {
				if _, list := v.([]any); list {
					return []any{}
				}
				return v
			})
		}), owners}
	}
	return out
}

// people are the fields that people fill in.
var people = map[string]bool{
	"description": true, "title": true, "language": true, "tag_name": true, "tagName": true, "topics": true, "spdxId": true, "message": true,
	"author_name": true, "author_email": true, "email": true, "labels": true, "raw": true, "endCursor": true, "default_branch": true,
}

func number(to func(string) any) func(v any, key string) any {
	return func(v any, _ string) any {
		if n, ok := v.(json.Number); ok {
			return to(n.String())
		}
		return v
	}
}

// endless answers with the first page whatever is asked for, and always says
// that there are more.
func endless(cursor func(n int64) string, change func(v any) any) spoiler {
	var n atomic.Int64
	return spoiler{
		asked: func(r *http.Request) {
			query := r.URL.Query()
			for _, place := range []string{"page", "after", "since", "id_after", "page_token", "q"} {
				query.Del(place)
			}
			r.URL.RawQuery = query.Encode()
			if r.Body == nil || !strings.HasSuffix(r.URL.Path, "/graphql") {
				return
			}
			var asked struct {
				Query     string         `json:"query"`
				Variables map[string]any `json:"variables"`
			}
			if json.NewDecoder(r.Body).Decode(&asked) != nil {
				return
			}
			for name := range asked.Variables {
				if strings.HasPrefix(name, "after") {
					asked.Variables[name] = nil
				}
			}
			for before, rest, ok := strings.Cut(asked.Query, `, after: "`); ok; before, rest, ok = strings.Cut(asked.Query, `, after: "`) {
				_, behind, _ := strings.Cut(rest, `"`)
				asked.Query = before + behind
			}
			body, _ := json.Marshal(asked)
			r.Body, r.ContentLength = readCloser{bytes.NewReader(body)}, int64(len(body))
		},
		header: func(h http.Header) {
			next := n.Add(1) + 1
			h.Set("Link", fmt.Sprintf(`<http://elsewhere.example/?page=%d&since=%[1]d&id_after=%[1]d&page_token=%[1]d>; rel="next"`, next))
			h.Set("X-Next-Page", fmt.Sprint(next))
			h.Set("X-Total-Count", "1000000000")
			h.Set("X-HasMore", "true")
		},
		json: func(v any) any {
			return each(change(v), "", func(v any, key string) any {
				o, ok := v.(map[string]any)
				switch {
				case key == "totalCount":
					return 1_000_000_000
				case !ok:
					return v
				}
				if _, paged := o["hasNextPage"]; paged || key == "pageInfo" {
					o["hasNextPage"], o["endCursor"] = true, cursor(n.Add(1))
				}
				if _, paged := o["values"]; paged {
					o["next"] = "http://elsewhere.example/?page=" + cursor(n.Add(1))
				}
				return o
			})
		},
	}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// tellsWhy: an error is for people to read, and says of what it is.
func tellsWhy(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if text := err.Error(); len(text) > 8<<10 || !strings.Contains(text, "stadt") && !strings.Contains(text, "127.0.0.1") || !utf8.ValidString(text) {
		t.Errorf("an error of %d bytes: %.300q", len(text), text)
	}
}

// sensible: what is listed can be kept and shown.
func sensible(t *testing.T, r registry.Repository) {
	t.Helper()
	if _, err := registry.ParseID(r.URL); err != nil || !strings.HasPrefix(r.URL, "http://127.0.0.1:") {
		t.Errorf("listed as %.100q: %v", r.URL, err)
	}
	if r.ForgeID == "" || r.ForgeID == "0" || strings.HasPrefix(r.ForgeID, "-") || len(r.ForgeID) > 100 {
		t.Errorf("%s: the id is %.100q", r.URL, r.ForgeID)
	}
	if r.Stars < 0 || r.Forks < 0 || len(r.Description) > 8<<10 || len(r.DefaultBranch) > 2<<10 || len(r.Language)+len(r.Licence) > 1<<10 ||
		len(strings.Join(r.Topics, "")) > 32<<10 {
		t.Errorf("%s: out of bounds: %.300v", r.URL, r)
	}
	keepable(t, r)
}

func sensibleActivity(t *testing.T, a *registry.Activity) {
	t.Helper()
	text, err := json.Marshal(a)
	if err != nil || len(text) > 1<<20 || len(a.Languages) > 100 || len(a.Releases) > registry.MaxReleases || len(a.Tags) > registry.MaxTags || len(a.HelpWanted) > registry.MaxIssues {
		t.Errorf("an activity of %d bytes, %v: %.300s", len(text), err, text)
	}
	for _, l := range a.Languages {
		if l.Name == "" || !(l.Share > 0 && l.Share <= 100) {
			t.Errorf("%.100q has a share of %v", l.Name, l.Share)
		}
	}
	for _, r := range a.Releases {
		for _, asset := range r.Assets {
			if asset.Size < 0 || !strings.HasPrefix(asset.URL, "http") {
				t.Errorf("asset %.300v", asset)
			}
		}
	}
	for _, tag := range a.Tags {
		if tag.Commit != "" && !crawler.IsHash(tag.Commit) {
			t.Errorf("tag %.300v", tag)
		}
	}
	if a.OpenIssues != nil && *a.OpenIssues < 0 {
		t.Errorf("%d open issues", *a.OpenIssues)
	}
	if c := a.Commits; c != nil {
		for _, m := range c.ByMonth {
			if m.Commits < 0 || m.Authors < 0 {
				t.Errorf("month %+v", m)
			}
		}
		if len(c.ByMonth) != registry.Months || c.Total < 0 || c.Authors < 0 {
			t.Errorf("commits %+v", c)
		}
	}
	keepable(t, *a)
}

// keepable: a store keeps it as it is.
func keepable[T any](t *testing.T, v T) {
	t.Helper()
	text, err := json.Marshal(v)
	var again T
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil {
		t.Errorf("%.300s: %v", text, err)
	}
}
