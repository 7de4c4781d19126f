// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)

// imageType is a media type that browsers show as an image.
var imageType = regexp.MustCompile(`^image/[a-z0-9][a-z0-9.+-]{0,40}$`)

// Check reports what keeps s from being an entry, as ErrInvalid: an ID that is
// not canonical, also among Locations and BasedOn, no name, a file that File
// does not allow, two of the same Path and Origin, an SBOM without a hash, or a
// licence verdict that is none. Every store refuses such
// an entry.
func (s *Software) Check() error {
	if err := s.ID.check(); err != nil {
		return err
	}
	if strings.TrimSpace(s.PublicCode.Name) == "" {
		return fmt.Errorf("%w: %s has no name", ErrInvalid, s.ID)
	}
	type name struct{ path, origin string }
	names := make(map[name]bool, len(s.Files))
	for _, f := range s.Files {
		if err := f.check(); err != nil {
			return fmt.Errorf("%w: %s: the file %q %w", ErrInvalid, s.ID, f.Path, err)
		}
		n := name{f.Path, f.Origin}
		if names[n] {
			return fmt.Errorf("%w: %s has the file %q twice", ErrInvalid, s.ID, strings.TrimSpace(f.Path+" "+f.Origin))
		}
		names[n] = true
	}
	for _, b := range s.SBOMs {
		if !sha256Form.MatchString(b.Hash) {
			return fmt.Errorf("%w: %s: the SBOM %q has the hash %q, which is no SHA-256", ErrInvalid, s.ID, b.Path, b.Hash)
		}
	}
	if s.Licence != nil && !slices.Contains(LicenceVerdicts(), s.Licence.Verdict) {
		return fmt.Errorf("%w: %s has the unknown licence verdict %q", ErrInvalid, s.ID, s.Licence.Verdict)
	}
	others := slices.Clone(s.BasedOn)
	for _, l := range s.Locations {
		if !webAddress(l.URL) {
			return fmt.Errorf("%w: %s: the address %q of the location %s is not http or https", ErrInvalid, s.ID, l.URL, l.ID)
		}
		others = append(others, l.ID)
	}
	for _, id := range others {
		if err := id.check(); err != nil {
			return fmt.Errorf("%s refers to another repository: %w", s.ID, err)
		}
	}
	return nil
}

func (f *File) check() error {
	switch {
	case f.Path == "":
		return errors.New("has no path")
	case f.Origin != "" && !webAddress(f.Origin):
		return fmt.Errorf("comes from %q, which is no http or https address", f.Origin)
	case f.Role != "" && !slices.Contains(Roles(), f.Role):
		return fmt.Errorf("has the unknown role %q", f.Role)
	case f.Media != "" && (f.Role != RoleLogo && f.Role != RoleScreenshot || !imageType.MatchString(f.Media)):
		return fmt.Errorf("has the media type %q; only a logo or screenshot has one, and that of an image", f.Media)
	case f.Hash != "" && !sha256Form.MatchString(f.Hash):
		return fmt.Errorf("has the hash %q, which is no SHA-256", f.Hash)
	}
	return nil
}

func webAddress(s string) bool {
	if len(s) > maxAddress {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// check reports an ID that ParseID would not have made.
func (id ID) check() error {
	canonical, err := ParseID("https://" + string(id))
	if err != nil {
		return err
	}
	if canonical != id {
		return fmt.Errorf("%w: ID %q is not canonical, %q is", ErrInvalid, id, canonical)
	}
	return nil
}

// Check reports a visit without a canonical repository or an outcome, or with
// another ID that is not canonical or is no part of the repository, as
// ErrInvalid.
func (v *Visit) Check() error {
	if err := v.Repo.check(); err != nil {
		return err
	}
	if v.Outcome == "" {
		return fmt.Errorf("%w: visit of %s has no outcome", ErrInvalid, v.Repo)
	}
	if v.Of != "" {
		if err := v.Of.check(); err != nil {
			return fmt.Errorf("visit of %s: %w", v.Repo, err)
		}
	}
	for _, part := range v.Parts {
		if err := part.check(); err != nil {
			return fmt.Errorf("visit of %s: %w", v.Repo, err)
		}
		if part.Folder() == "" || !part.Repository().Same(v.Repo.Repository()) {
			return fmt.Errorf("%w: visit of %s: %s is no part of it", ErrInvalid, v.Repo, part)
		}
	}
	return nil
}

// Check reports a state without a source, or with a number below zero, as
// ErrInvalid.
func (s *SourceState) Check() error {
	switch {
	case s.Source == "":
		return fmt.Errorf("%w: state of a crawl without its source", ErrInvalid)
	case s.Interval < 0 || s.Failures < 0 || s.Repositories < 0 || s.Changes < 0:
		return fmt.Errorf("%w: state of the source %s with a number below zero", ErrInvalid, s.Source)
	}
	return nil
}
