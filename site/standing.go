// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

const standingPath = "/listed/"

// standingBody is what the page says of one repository, or asks for one.
type standingBody struct {
	Address  string // as it was entered
	Problem  bool   // it is no address
	Standing *registry.Standing
	Meaning  []string
	Advice   string
	Detail   string
	Entry    string // path of the entry; "" for none
	Findings []finding
}

func (s *Site) standingPage(lang string, b standingBody, static bool) *page {
	title := say(lang, "standing.title")
	return &page{
		Kind: standingPage, Lang: lang, Path: standingPath, Section: "standing", Static: static, NoIndex: b.Address != "",
		Title: title, Description: say(lang, "standing.lead"), Crumbs: crumbs(lang, crumb{title, ""}), Body: b,
	}
}

// answerStanding says why a repository is, or is not, in the catalogue.
func (s *Site) answerStanding(ctx context.Context, r request) (answer, error) {
	lang, address := r.lang, strings.TrimSpace(r.query.Get("url"))
	b := standingBody{Address: shorten(address, maxName)}
	if address == "" {
		return found(s.standingPage(lang, b, r.static))
	}
	id, err := registry.ReadID(address)
	if err == nil {
		b.Standing, err = registry.FindStanding(ctx, s.catalogue, id, s.opt.Claims)
	}
	if errors.Is(err, registry.ErrInvalid) {
		b.Problem = true
		return answer{page: s.standingPage(lang, b, false), status: http.StatusBadRequest}, nil
	}
	if err != nil {
		return answer{}, err
	}
	st := b.Standing
	for _, sentence := range st.Meaning(lang) {
		b.Meaning = append(b.Meaning, shorten(sentence, maxLine))
	}
	b.Advice = st.Advice(lang)
	if st.Visit != nil {
		b.Detail = shorten(st.Visit.Detail, maxLine)
	}
	if st.Entry != "" {
		b.Entry, _ = softwarePath(st.Entry)
	}
	for _, f := range st.Findings[:min(len(st.Findings), maxFindings)] {
		b.Findings = append(b.Findings, newFinding(f, lang, ""))
	}
	p := s.standingPage(lang, b, false)
	p.Query = "url=" + url.QueryEscape(address)
	return found(p)
}
