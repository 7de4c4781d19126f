// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func TestGet(t *testing.T) {
	c, _, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if status, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/")); err == nil {
			w.WriteHeader(status)
			return
		}
		w.Header().Set("Content-Type", "image/svg+xml; charset=utf-8")
		w.Write([]byte("<svg/>"))
	})
	body, media, err := c.Get(t.Context(), url+"/logo", 6)
	if err != nil || string(body) != "<svg/>" || media != "image/svg+xml" {
		t.Errorf("got %q as %q, %v", body, media, err)
	}
	for address, want := range map[string]error{
		url + "/404": registry.ErrNotFound, url + "/410": registry.ErrGone, url + "/451": registry.ErrForbidden,
		url + "/logo?large":          registry.ErrTooLarge,
		"file:///etc/passwd":         registry.ErrInvalid,
		"no address":                 registry.ErrInvalid,
		"https://a:b@forge.example/": registry.ErrInvalid,
		"http://127.0.0.1:1/":        ErrGuarded,
		"http://169.254.169.254/x":   ErrGuarded,
	} {
		limit := int64(100)
		if strings.HasSuffix(address, "large") {
			limit = 5
		}
		body, _, err := c.Get(t.Context(), address, limit)
		if !errors.Is(err, want) || body != nil {
			t.Errorf("%s: %q, %v, want %v", address, body, err, want)
		}
		if answered := strings.HasPrefix(address, url+"/4"); Refused(err) != answered {
			t.Errorf("%s: refused %t by %v", address, !answered, err)
		}
	}
	if _, _, err := c.Get(t.Context(), url+"/500", 100); err == nil || errors.Is(err, registry.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
