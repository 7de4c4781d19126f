// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"
	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// When domains are asked, and how much.
const (
	askedAgain         = 7 * 24 * time.Hour // one that vouches
	deniedAgain        = 24 * time.Hour     // one that does not, or did not answer
	vouchedFor         = 30 * 24 * time.Hour
	domainsAsked       = 200 // at a time when entries are settled; the others have their turn later
	domainsBeside      = 8
	domainTime         = 10 * time.Second // for each of both questions
	domainsTime        = 2 * time.Minute
	maxTXT             = 100 // records that are looked at
	maxDomainRedirects = 3
)

// Domains asks domains who speaks for their organisations.
type Domains struct {
	client *http.Client
	txt    TXTResolver
}

// TXTResolver reads the TXT records of a name; net.Resolver is one.
type TXTResolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// NewDomains asks through a transport, such as fetch.Transport, whose guard keeps it
// from private addresses, and a resolver.
func NewDomains(transport http.RoundTripper, txt TXTResolver) *Domains {
	return &Domains{&http.Client{Transport: transport, CheckRedirect: withinDomain}, txt}
}

var errOutside = errors.New("redirected to another host, too often or without encryption")

// withinDomain follows few redirects, and none to another host: what is found there is
// not the word of the domain.
func withinDomain(req *http.Request, via []*http.Request) error {
	port := req.URL.Port()
	if len(via) > maxDomainRedirects || req.URL.Scheme != "https" || port != "" && port != "443" ||
		adoption.ProofHost(req.URL.String()) != adoption.ProofHost(via[0].URL.String()) {
		return errOutside
	}
	return nil
}

// testimony is what a domain says.
type testimony struct {
	txt, file []adoption.Voucher
	unknown   bool // it could not be asked all of it
}

// of is how the domain of a URI proves that a repository speaks for it; "" where it
// does not.
func (t testimony) of(uri string, repository registry.ID) registry.Proof {
	address := "https://" + string(repository.Repository())
	switch {
	case adoption.Vouched(t.txt, uri, address):
		return registry.ProvenDNS
	case adoption.Vouched(t.file, uri, address):
		return registry.ProvenWellKnown
	}
	return ""
}

// ask asks a domain.
func (d *Domains) ask(ctx context.Context, host string) testimony {
	var t testimony
	var unknown error
	t.txt, unknown = d.records(ctx, host)
	file, err := d.file(ctx, host)
	t.file, t.unknown = file, unknown != nil || err != nil
	return t
}

// records reads the DNS; an error says that it is not known what it says.
func (d *Domains) records(ctx context.Context, host string) ([]adoption.Voucher, error) {
	ctx, cancel := context.WithTimeout(ctx, domainTime)
	defer cancel()
	all, err := d.txt.LookupTXT(ctx, adoption.TXTLabel+"."+host+".")
	if err != nil {
		return nil, unlessNoHost(err)
	}
	return adoption.ReadTXT(all[:min(len(all), maxTXT)]), nil
}

// file reads the file of the domain; an error says that it is not known what it says.
func (d *Domains) file(ctx context.Context, host string) ([]adoption.Voucher, error) {
	ctx, cancel := context.WithTimeout(ctx, domainTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+host+adoption.WellKnown, nil)
	if err != nil {
		return nil, nil // no host
	}
	req.Header.Set("Accept", "text/plain, */*;q=0.1")
	resp, err := d.client.Do(req)
	if err != nil {
		if errors.Is(err, errOutside) || errors.Is(err, fetch.ErrGuarded) {
			return nil, nil // nothing there is to be believed
		}
		return nil, unlessNoHost(err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusOK:
	case resp.StatusCode >= 500, resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode == http.StatusRequestTimeout:
		return nil, fmt.Errorf("%s answers %s", host, resp.Status)
	default:
		return nil, nil
	}
	src, err := io.ReadAll(io.LimitReader(resp.Body, adoption.MaxWellKnown+1))
	switch {
	case err != nil:
		return nil, err
	case len(src) > adoption.MaxWellKnown:
		return nil, nil
	}
	return adoption.ReadWellKnown(src), nil
}

// unlessNoHost is an error, but for one that says that there is no such name.
func unlessNoHost(err error) error {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return nil
	}
	return err
}

var (
	domainForm = regexp.MustCompile(`^([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}$`)
	// reserved are names that are nobody's (RFC 2606, 6761, 6762, 7686, 9476).
	reserved = []string{"example", "test", "invalid", "localhost", "local", "internal", "onion", "alt", "arpa", "example.com", "example.net", "example.org"}
)

// domainOf is the domain that is asked for an organisation, in ASCII; "" where none can
// be.
func domainOf(uri string) string {
	host, err := idna.Lookup.ToASCII(adoption.ProofHost(uri))
	_, notAddress := netip.ParseAddr(host)
	switch {
	case err != nil, notAddress == nil, len(host) > 240, !domainForm.MatchString(host):
		return ""
	case slices.ContainsFunc(reserved, func(name string) bool { return host == name || strings.HasSuffix(host, "."+name) }):
		return ""
	}
	return host
}

// unproven is something that is said in the name of an organisation, and the domain
// that can vouch for it.
type unproven struct {
	*speech
	id     registry.ID
	domain string
	asked  time.Time
}

// prove asks the domains of organisations whether the repositories that speak for them
// may. Where the publisher of the source is the organisation, the operator's word is
// enough.
func (s *sweep) prove(ctx context.Context) error {
	if s.Domains == nil {
		return nil
	}
	now := s.Now().UTC().Truncate(time.Millisecond)
	var due []unproven
	err := s.eachSaid(ctx, func(f *speech, said spoken, _ int64) error {
		w := said.Said()
		wait := deniedAgain
		if w.Vouched.By != "" {
			wait = askedAgain
		}
		domain := domainOf(w.Organisation.URI)
		if w.Proof() != registry.ProvenSource && domain != "" && now.Sub(w.Vouched.Asked) >= wait {
			due = append(due, unproven{f, w.Repository, domain, w.Vouched.Asked})
		}
		return nil
	})
	if err != nil || len(due) == 0 {
		return err
	}
	slices.SortStableFunc(due, func(a, b unproven) int { return cmp.Or(a.asked.Compare(b.asked), cmp.Compare(a.domain, b.domain)) })
	heard := s.askDomains(ctx, due)
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, u := range due {
		if t, asked := heard[u.domain]; asked {
			if err := s.believe(ctx, u, t, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// askDomains asks the domains that come first.
func (s *sweep) askDomains(ctx context.Context, due []unproven) map[string]testimony {
	ctx, cancel := context.WithTimeout(ctx, domainsTime)
	defer cancel()
	heard := map[string]testimony{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(domainsBeside)
	var asked []string
	for _, u := range due {
		if slices.Contains(asked, u.domain) || len(asked) == domainsAsked {
			continue
		}
		asked = append(asked, u.domain)
		group.Go(func() error {
			t := s.Domains.ask(ctx, u.domain)
			s.mu.Lock()
			defer s.mu.Unlock()
			heard[u.domain] = t
			return nil
		})
	}
	_ = group.Wait() // none fails
	return heard
}

// believe writes down what a domain says of what a repository says. What it vouched for
// holds for a while where it cannot be asked.
func (s *sweep) believe(ctx context.Context, u unproven, t testimony, now time.Time) error {
	said, version, err := u.former(ctx, s.Store, u.id)
	if err != nil || said == nil {
		return err
	}
	w := said.Said()
	if domainOf(w.Organisation.URI) != u.domain {
		return nil // another organisation speaks there meanwhile
	}
	v := &w.Vouched
	v.Asked = now
	switch by := t.of(w.Organisation.URI, w.Repository); {
	case by != "":
		v.By, v.At = by, now
	case !t.unknown, now.Sub(v.At) > vouchedFor:
		v.By = ""
	}
	err = s.Store.PutDocuments(ctx, said.Document(version))
	if errors.Is(err, registry.ErrConflict) {
		return nil // it is asked again the next time
	}
	return err
}
