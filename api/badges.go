// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const badgesPath = "/v1/badges/"

const typeSVG = "image/svg+xml"

// badge is what a badge says.
type badge struct {
	Label, Message string
	Colour         string
}

// The colours have a contrast of at least 4.5 with white (WCAG 2.2, 1.4.3).
const (
	good    = "#1b6e2c"
	fair    = "#8a5300"
	bad     = "#a3211b"
	neutral = "#1f5d99"
	none    = "#5a6068"
)

// badges are the kinds of badge, and what each says of an entry.
var badges = map[string]func(s *registry.Software, lang string, now time.Time) badge{
	"listed": func(_ *registry.Software, lang string, _ time.Time) badge {
		return badge{"Allmende", in(lang, "im Katalog", "in the catalogue"), good}
	},
	"licence": func(s *registry.Software, lang string, _ time.Time) badge {
		declared := cmp.Or(s.PublicCode.Legal.License, in(lang, "keine Angabe", "not declared"))
		if s.Licence == nil {
			return badge{in(lang, "Lizenz", "licence"), declared, none}
		}
		colour := map[registry.LicenceVerdict]string{registry.LicenceMatch: good, registry.LicenceAmbiguous: fair, registry.LicenceConflict: bad, registry.LicenceMissing: bad}[s.Licence.Verdict]
		return badge{in(lang, "Lizenz", "licence"), declared + " (" + s.Licence.Verdict.Wording(lang) + ")", cmp.Or(colour, none)}
	},
	"publiccode": func(s *registry.Software, lang string, _ time.Time) badge {
		errors, warnings := 0, 0
		for _, f := range s.Findings {
			switch f.Severity {
			case publiccode.Error:
				errors++
			case publiccode.Warning:
				warnings++
			}
		}
		b := badge{"publiccode.yml", in(lang, "ohne Fehler", "no errors"), good}
		switch {
		case errors > 0:
			b.Message, b.Colour = counted(lang, errors, "Fehler", "Fehler", "error", "errors"), bad
		case warnings > 0:
			b.Message, b.Colour = counted(lang, warnings, "Warnung", "Warnungen", "warning", "warnings"), fair
		}
		return b
	},
	"status": func(s *registry.Software, lang string, _ time.Time) badge {
		status := s.PublicCode.DevelopmentStatus
		if status == "" {
			return badge{"Status", in(lang, "keine Angabe", "not declared"), none}
		}
		colour := map[string]string{"stable": good, "obsolete": bad}[status]
		return badge{"Status", publiccode.StatusLabel(status, lang), cmp.Or(colour, neutral)}
	},
	"adoptions": func(s *registry.Software, lang string, now time.Time) badge {
		b := badge{in(lang, "bestätigt genutzt von", "confirmed in use by"), counted(lang, 0, "", "Verwaltungen", "", "administrations"), none}
		if n := s.ConfirmedBy(now); n > 0 {
			b.Message, b.Colour = counted(lang, n, "Verwaltung", "Verwaltungen", "administration", "administrations"), good
		}
		return b
	},
}

// badgeKinds are the kinds, the default first.
var badgeKinds = []string{"listed", "licence", "publiccode", "status", "adoptions"}

func in(lang, de, en string) string {
	if lang == english {
		return en
	}
	return de
}

func counted(lang string, n int, de, deMany, en, enMany string) string {
	if n != 1 {
		de, en = deMany, enMany
	}
	return fmt.Sprintf("%d %s", n, in(lang, de, en))
}

// getBadge draws a badge of an entry. Whoever embeds one says its language: those
// who read the page do not choose it.
func (a *api) getBadge(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	kind := cmp.Or(p.word("kind", badgeKinds...), badgeKinds[0])
	lang := cmp.Or(p.word("lang", german, english), german)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	s, elsewhere, err := a.lookUp(c, c.Param("id"), func(to registry.ID) string { return badgesPath + to.EscapedPath() + p.again() })
	if s == nil {
		return elsewhere, err
	}
	body, err := badges[kind](s, lang, time.Now()).draw(lang)
	if err != nil {
		return nil, err
	}
	return &answer{contentType: typeSVG, body: body, etag: entityTag(body), cache: cacheMinute}, nil
}

var badgeImage = template.Must(template.New("badge").Parse(`<svg xmlns="http://www.w3.org/2000/svg" width="{{.Width}}" height="20" role="img" xml:lang="{{.Lang}}" aria-label="{{.Label}}: {{.Message}}"><title>{{.Label}}: {{.Message}}</title><rect width="{{.Width}}" height="20" rx="3" fill="#3f454c"/><path d="M{{.Left}} 0h{{.Straight}}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{{.Left}}z" fill="{{.Colour}}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="6" y="14" textLength="{{.LabelWidth}}" lengthAdjust="spacingAndGlyphs">{{.Label}}</text><text x="{{.MessageX}}" y="14" textLength="{{.MessageWidth}}" lengthAdjust="spacingAndGlyphs">{{.Message}}</text></g></svg>
`))

// draw makes an SVG image. Fonts differ, so that its texts are made to fit.
func (b badge) draw(lang string) ([]byte, error) {
	b.Label, b.Message = oneLine(b.Label), oneLine(b.Message)
	label, message := textWidth(b.Label), textWidth(b.Message)
	left := label + 12
	var out bytes.Buffer
	err := badgeImage.Execute(&out, struct {
		badge
		Lang                                                      string
		Width, Left, Straight, LabelWidth, MessageX, MessageWidth int
	}{b, lang, left + message + 12, left, message + 9, label, left + 6, message})
	return out.Bytes(), err
}

// oneLine bounds a text of a stranger, and takes out what XML cannot have.
func oneLine(s string) string {
	const most = 60
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// textWidth is about the width of a text in Verdana of 11 pixels.
func textWidth(s string) int {
	tenths := 0
	for _, r := range s {
		switch {
		case strings.ContainsRune("iljt.,:;|!'()[]Ifr ", r):
			tenths += 43
		case strings.ContainsRune("mwMW", r):
			tenths += 104
		case unicode.IsUpper(r):
			tenths += 78
		case r > 0x2E7F: // wide scripts
			tenths += 110
		default:
			tenths += 66
		}
	}
	return max(1, tenths/10)
}
