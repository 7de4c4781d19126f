// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

func TestAdopters(t *testing.T) {
	said := func(name, until string, publisher registry.Publisher) registry.Adoption {
		return registry.Adoption{
			Organisation: adoption.Organisation{URI: "https://" + name + ".example/", Name: name, Region: "DE-SH"}, Role: adoption.Operates,
			ConfirmedUntil: until, Publisher: publisher, Repository: "forge.example/a/b", URL: "javascript:alert(1)",
		}
	}
	d := detail{S: &registry.Software{}}
	denied := said("Nie", "2026-02-01", registry.Publisher{URI: "https://nie.example"})
	denied.Role = adoption.None
	byToken := said("token", "2026-01-03", registry.Publisher{})
	byToken.Repository, byToken.URL, byToken.Contact = "", "", "it@token.example"
	d.readAdopters([]registry.Adoption{
		said("Alt", "2026-01-01", registry.Publisher{URI: "https://alt.example"}),
		said("Fremd", "2026-01-02", registry.Publisher{Name: "Verbund", URI: "https://verbund.example"}),
		byToken,
		denied,
	}, "de", time.Date(2026, 1, 2, 23, 0, 0, 0, time.UTC))
	day := readDay
	file := link{"adoptions.yml", ""} // no address to follow
	want := []adopter{
		{Organisation: link{"Fremd", "https://Fremd.example/"}, State: "Schleswig-Holstein", Role: "betreibt", Until: day("2026-01-02"), Speaker: "Verbund", File: file},
		{Organisation: link{"token", "https://token.example/"}, State: "Schleswig-Holstein", Role: "betreibt", Until: day("2026-01-03"), Proof: german["proof.token"], Contact: link{"it@token.example", "mailto:it@token.example"}, File: file},
		{Organisation: link{"Alt", "https://Alt.example/"}, State: "Schleswig-Holstein", Role: "betreibt", Until: day("2026-01-01"), Expired: true, Proof: german["proof.source"], File: file},
	}
	if len(d.Deniers) != 1 || d.Deniers[0].Organisation.Text != "Nie" || d.Deniers[0].Role != "nutzt sie nicht" {
		t.Errorf("who denies: %+v", d.Deniers)
	}
	if diff := cmp.Diff(want, d.Adopters); diff != "" {
		t.Errorf("want (-), have (+):\n%s", diff)
	}
}
