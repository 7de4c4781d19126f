// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
)

// fullForks are a variant that has drifted off, and a copy of which nothing is known.
func fullForks(at time.Time) []registry.Fork {
	ahead, behind := 2, 31
	return []registry.Fork{
		{
			ID: partID, URL: "https://" + partID, Entry: true, Pushed: at, Ahead: &ahead, Behind: &behind, Compared: at,
			Publisher: registry.Publisher{ID: "sued", Name: "Land Süd", Region: "DE-BY"},
			Commits:   []registry.ForkCommit{{Hash: strings.Repeat("d", 40), Title: "Druckt auf A5", Time: at}, {Hash: strings.Repeat("e", 40)}},
		},
		{ID: "github.com/niemand/akte", URL: "https://github.com/niemand/akte", Unknown: registry.NotCompared},
	}
}

func TestVariantsTellOfForks(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	list := decode[family](t, get(t, h, "/v1/variants/"+fullID, "Accept-Language", "en"), http.StatusOK)
	var got []string
	for _, f := range list.Forks {
		got = append(got, string(f.ID)+" "+string(f.Drift)+": "+f.Meaning)
	}
	want := []string{
		partID + " drifting: " + registry.Drifting.Meaning("en"),
		"github.com/niemand/akte unknown: " + registry.NotCompared.Meaning("en"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if a := list.Items[1].Apart; a == nil || *a.Ahead != 2 || *a.Behind != 31 || a.Drift != registry.Drifting || len(a.Commits) != 2 {
		t.Errorf("the variant is %+v apart", a)
	}
	if list.Items[0].Apart != nil || list.Items[2].Apart != nil {
		t.Errorf("apart: %+v, %+v", list.Items[0].Apart, list.Items[2].Apart)
	}
	e := decode[entry](t, get(t, h, "/v1/software/"+fullID, "Accept-Language", "en"), http.StatusOK)
	if diff := cmp.Diff(list.Forks, e.Forks); diff != "" {
		t.Errorf("the entry tells other things:\n%s", diff)
	}
	// The variant's own page tells how far it is from its base.
	list = decode[family](t, get(t, h, "/v1/variants/"+partID), http.StatusOK)
	if a := list.Items[0].Apart; a == nil || a.ID != partID || *a.Ahead != 2 || a.Meaning != registry.Drifting.Meaning("de") {
		t.Errorf("the base is %+v apart", a)
	}
}
