// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/publiccode/report"
)

const typeSARIF = "application/sarif+json"

// The bounds of checks on demand. A file may have publiccode.MaxSize; that many
// are in memory at once at most, and no more of them are checked at once than
// leave room for the rest of the API.
const (
	maxUploads = 128
	maxArrival = 10 * time.Second // for a file to arrive, which takes a place
	maxQueue   = 10 * time.Second // for a file that has arrived
	maxAddress = 2000             // characters of the address of a repository
)

// bodyTypes are the media types of a file that is sent in. Types of which a
// form sends are not among them: it would wrap the file.
var bodyTypes = []string{typeYAML, "text/yaml", "application/x-yaml", "text/x-yaml", "text/plain", "application/octet-stream"}

// validateParameters are the query parameters of the validation.
var validateParameters = []string{"profile", "url", "version"}

var (
	errMediaType = &problem{
		Status: http.StatusUnsupportedMediaType,
		Detail: "The body is the publiccode.yml, adoptions.yml or needs.yml itself, not encoded, and its Content-Type one of " + strings.Join(bodyTypes, ", ") + ". With curl: --data-binary @publiccode.yml -H 'Content-Type: application/yaml'.",
	}
	errBody    = &problem{Status: http.StatusBadRequest, Detail: "The body broke off before its end."}
	errCrowded = &problem{Status: http.StatusServiceUnavailable, Detail: "Too many files are being checked at the moment. Try again in a few seconds."}
)

// validation is the outcome of one check.
type validation struct {
	Format    string    `json:"format"` // publiccode.yml, adoptions.yml or needs.yml
	Version   string    `json:"version,omitempty"`
	Checked   string    `json:"checked"`
	Valid     bool      `json:"valid"`
	Findings  []finding `json:"findings"`
	Unchecked []string  `json:"unchecked"`
}

// gate lets a number of files in, and a smaller number of them be checked.
type gate struct {
	uploads, checks chan struct{}
	patience        time.Duration // of a file between the two
}

func newGate() gate {
	return gate{
		uploads:  make(chan struct{}, maxUploads),
		checks:   make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		patience: maxQueue,
	}
}

// validate checks the publiccode.yml, adoptions.yml or needs.yml in the body. Nothing
// of it is kept, and nothing of it is logged.
func (a *api) validate(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	opt, profiles := validateOptions(p)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	if !takes(c.Request.Header) {
		return nil, errMediaType
	}
	select {
	case a.gate.uploads <- struct{}{}:
		defer func() { <-a.gate.uploads }()
	default:
		return nil, errCrowded
	}
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(maxArrival)) // not every server can
	// One byte too many is enough for the finding that says so.
	src, err := io.ReadAll(io.LimitReader(c.Request.Body, publiccode.MaxSize+1))
	if err != nil {
		return nil, errBody
	}
	queue, cancel := context.WithTimeout(c.Request.Context(), a.gate.patience)
	defer cancel()
	select {
	case a.gate.checks <- struct{}{}:
		defer func() { <-a.gate.checks }()
	case <-queue.Done():
		return nil, cmp.Or(c.Request.Context().Err(), error(errCrowded))
	}
	result, unchecked := a.check(src, opt, profiles)
	if prefersSARIF(c.Request.Header) {
		return sarifAnswer(result, unchecked, preferred(c.Request))
	}
	return validationAnswer(result, unchecked, preferred(c.Request))
}

// check checks a file as what it says it is, and names the rules that it could not
// check.
func (a *api) check(src []byte, opt publiccode.Options, profiles []*publiccode.Profile) (*publiccode.Result, []string) {
	unchecked := []string{}
	if format, ok := adoption.FormatOf(src); ok {
		return format.Check(src, adoption.Options{Now: a.now()}), unchecked
	}
	result := publiccode.Parse(src, opt)
	for _, profile := range profiles {
		unchecked = append(unchecked, result.CheckProfile(profile, publiccode.Place{})...)
	}
	slices.Sort(unchecked)
	return result, slices.Compact(unchecked)
}

func validationAnswer(result *publiccode.Result, unchecked []string, lang string) (*answer, error) {
	v := validation{
		Format: result.FileName(), Version: result.Version, Checked: result.Checked, Valid: result.Valid(),
		Findings: make([]finding, len(result.Findings)), Unchecked: unchecked,
	}
	for i, f := range result.Findings {
		v.Findings[i] = newFinding(f, lang)
		v.Findings[i].Edits = result.Remedy(f)
	}
	return uncached(v)
}

func sarifAnswer(result *publiccode.Result, unchecked []string, lang string) (*answer, error) {
	var body bytes.Buffer
	files := []report.File{{Path: result.FileName(), Result: result, Unchecked: unchecked}}
	if err := report.Formats["sarif"](&body, files, report.Options{Lang: lang}); err != nil {
		return nil, fmt.Errorf("write SARIF: %w", err)
	}
	return &answer{contentType: typeSARIF, body: body.Bytes(), cache: cacheNever}, nil
}

// validateOptions reads the parameters of the validation, all about publiccode.yml; what is wrong with
// them is in p.
func validateOptions(p *parameters) (publiccode.Options, []*publiccode.Profile) {
	opt := publiccode.Options{Version: p.word("version", publiccode.SchemaVersions()...)}
	if address, ok := p.one("url", maxAddress); ok {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			p.fault("url", codeMalformed, "url is the web address of the repository that holds the file, with https:// or http://.")
		}
		opt.RepositoryURL = address
	}
	var profiles []*publiccode.Profile
	for _, name := range p.chosen("profile", profileNames()) {
		if profile, ok := publiccode.FindProfile(name); ok && !slices.Contains(profiles, profile) {
			profiles = append(profiles, profile)
		}
	}
	return opt, profiles
}

func profileNames() []string {
	var names []string
	for _, p := range publiccode.Profiles() {
		names = append(names, p.Name)
	}
	return names
}

// takes reports whether a body is announced as something that can be a file.
// Without a type it is (RFC 9110, section 8.3).
func takes(h http.Header) bool {
	if e := h.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return false
	}
	given := h.Get("Content-Type")
	media, _, err := mime.ParseMediaType(given)
	return given == "" || (err == nil || errors.Is(err, mime.ErrInvalidMediaParameter)) && slices.Contains(bodyTypes, media)
}

// prefersSARIF reports whether Accept asks for SARIF by its name, and for JSON
// not more.
func prefersSARIF(h http.Header) bool {
	wish := map[string]float64{}
	for media := range strings.SplitSeq(strings.Join(h.Values("Accept"), ","), ",") {
		name, parameters, err := mime.ParseMediaType(media)
		if err != nil {
			continue
		}
		wish[name] = 1
		if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
			wish[name] = q
		}
	}
	return wish[typeSARIF] > 0 && wish[typeSARIF] >= wish[typeJSON]
}
