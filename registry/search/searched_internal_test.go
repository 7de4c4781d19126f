// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/stored"
)

// TestSearched has every field of an entry filled, so that one which the index
// has come to look at is not left out where stores decode for it.
func TestSearched(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	all := []*registry.Software{{}, registrytest.Software("forge.example/a/b", "1")}
	for range 200 {
		s := &registry.Software{}
		fill(r, reflect.ValueOf(s).Elem())
		all = append(all, s)
	}
	for s := range registrytest.Realistic(20) {
		all = append(all, s)
	}
	for _, s := range all {
		document, err := stored.Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := stored.Decode[registry.Software](document)
		if err != nil {
			t.Fatal(err)
		}
		part, err := stored.Form{}.Searched(document)
		if err != nil {
			t.Fatal(err)
		}
		var drafts [2]*draft
		for i, s := range []*registry.Software{whole, part} {
			drafts[i] = newDraft()
			drafts[i].put(s)
			drafts[i].settle()
		}
		if diff := cmp.Diff(*drafts[0], *drafts[1], cmp.AllowUnexported(draft{}, terms{}, doc{}, column{}, written{}), cmpopts.IgnoreTypes(sync.Mutex{}), cmp.Comparer(sameReadings)); diff != "" {
			t.Fatalf("%s\ndecoded whole (-), as far as it is searched (+):\n%s", document, diff)
		}
	}
}

// sameReadings holds for all: they are empty when a draft is settled.
func sameReadings(a, b readings) bool { return len(a.bytes) == len(b.bytes) }

// fill gives every field a value, more or less.
func fill(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(r.Int64N(2e9), 0).UTC()))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(r, v.Field(i))
			}
		}
	case reflect.Pointer:
		if r.IntN(8) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem())
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.SetBytes(fmt.Append(nil, r.IntN(50)))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(3), 3))
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.IntN(3) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(r, key)
			fill(r, value)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		words := []string{"error", "warning", "match", "conflict", "2026-03-01", "de", "stable", "Deich", "MIT"}
		v.SetString(fmt.Sprint(words[r.IntN(len(words))], []string{"", "", " buch", fmt.Sprint(r.IntN(50))}[r.IntN(4)]))
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(r.Int64N(100))
	case reflect.Uint8:
		v.SetUint(r.Uint64N(2))
	case reflect.Float64:
		v.SetFloat(r.Float64())
	default:
		panic(v.Type())
	}
}
