// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

const secret = "Regen am Deich"

func sign(body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

func receiver(t *testing.T, pushed func(string) error) *httptest.Server {
	t.Helper()
	var forges []Forge
	for _, address := range []string{"https://github.com", "https://git.example:8443/lab"} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		forges = append(forges, Forge{u, secret})
	}
	open, _ := url.Parse("https://open.example")
	forges = append(forges, Forge{Base: open})
	s := httptest.NewServer(&Receiver{Forges: forges, Pushed: func(_ context.Context, repository string) error { return pushed(repository) }, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(s.Close)
	return s
}

func TestReceiver(t *testing.T) {
	const (
		hub     = `{"repository":{"full_name":"stadt/wahl","html_url":"https://evil.example/x"}}`
		created = `{"event_name":"project_create","path":"neu","path_with_namespace":"land/neu"}`
		lab     = `{"project":{"path_with_namespace":"land/amt/wald"},"repository":{"name":"Wald"}}`
	)
	form := url.Values{"payload": {hub}}.Encode()
	for name, tt := range map[string]struct {
		path    string
		headers []string
		body    string
		status  int
		pushed  string
	}{
		"GitHub":                     {"/webhooks/github.com", []string{"X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + sign(hub)}, hub, 202, "https://github.com/stadt/wahl"},
		"GitHub as a form":           {"/webhooks/github.com", []string{"X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + sign(form), "Content-Type", "application/x-www-form-urlencoded"}, form, 202, "https://github.com/stadt/wahl"},
		"Forgejo as a form":          {"/webhooks/git.example:8443/lab", []string{"X-Forgejo-Event", "push", "X-Forgejo-Signature", sign(hub), "Content-Type", "application/x-www-form-urlencoded"}, form, 202, "https://git.example:8443/lab/stadt/wahl"},
		"form, signed whole":         {"/webhooks/git.example:8443/lab", []string{"X-Gitea-Event", "push", "X-Gitea-Signature", sign(form), "Content-Type", "application/x-www-form-urlencoded"}, form, 401, ""},
		"GitHub, made public":        {"/webhooks/github.com", []string{"X-GitHub-Event", "public", "X-Hub-Signature-256", "sha256=" + sign(hub)}, hub, 202, "https://github.com/stadt/wahl"},
		"GitHub ping":                {"/webhooks/github.com", []string{"X-GitHub-Event", "ping", "X-Hub-Signature-256", "sha256=" + sign(`{}`)}, `{}`, 204, ""},
		"GitLab":                     {"/webhooks/git.example:8443/lab", []string{"X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", secret}, lab, 202, "https://git.example:8443/lab/land/amt/wald"},
		"GitLab, new project":        {"/webhooks/git.example:8443/lab", []string{"X-Gitlab-Event", "Project Hook", "X-Gitlab-Token", secret}, created, 202, "https://git.example:8443/lab/land/neu"},
		"GitLab, whole instance":     {"/webhooks/git.example:8443/lab", []string{"X-Gitlab-Event", "System Hook", "X-Gitlab-Token", secret}, lab, 202, "https://git.example:8443/lab/land/amt/wald"},
		"GitLab, a user was made":    {"/webhooks/git.example:8443/lab", []string{"X-Gitlab-Event", "System Hook", "X-Gitlab-Token", secret}, `{"event_name":"user_create"}`, 204, ""},
		"GitLab, push of no project": {"/webhooks/git.example:8443/lab", []string{"X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", secret}, `{}`, 400, ""},
		"Forgejo":                    {"/webhooks/git.example:8443/lab/", []string{"X-Forgejo-Event", "push", "X-Forgejo-Signature", sign(hub), "X-GitHub-Event", "push"}, hub, 202, "https://git.example:8443/lab/stadt/wahl"},
		"Gitea":                      {"/webhooks/git.example:8443/lab", []string{"X-Gitea-Event", "push", "X-Gitea-Signature", sign(hub)}, hub, 202, "https://git.example:8443/lab/stadt/wahl"},

		"other secret":      {"/webhooks/git.example:8443/lab", []string{"X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", "guess"}, lab, 401, ""},
		"other body":        {"/webhooks/github.com", []string{"X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + sign(lab)}, hub, 401, ""},
		"no signature":      {"/webhooks/github.com", []string{"X-GitHub-Event", "push"}, hub, 401, ""},
		"no hex":            {"/webhooks/github.com", []string{"X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=zz"}, hub, 401, ""},
		"no prefix":         {"/webhooks/github.com", []string{"X-GitHub-Event", "push", "X-Hub-Signature-256", sign(hub)}, hub, 401, ""},
		"no event":          {"/webhooks/github.com", nil, hub, 401, ""},
		"forge unknown":     {"/webhooks/gitlab.com", []string{"X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", secret}, lab, 404, ""},
		"forge without one": {"/webhooks/open.example", []string{"X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", ""}, lab, 404, ""},
		"no JSON":           {"/webhooks/github.com", []string{"X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + sign("{")}, "{", 400, ""},
		"null":              {"/webhooks/github.com", []string{"X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + sign("null")}, "null", 400, ""},
		"out of the forge":  {"/webhooks/git.example:8443/lab", []string{"X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", secret}, `{"project":{"path_with_namespace":"../../x"}}`, 400, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var pushed []string
			s := receiver(t, func(repository string) error { pushed = append(pushed, repository); return nil })
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+tt.path, strings.NewReader(tt.body))
			for i := 0; i < len(tt.headers); i += 2 {
				req.Header.Set(tt.headers[i], tt.headers[i+1])
			}
			resp, err := s.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			var want []string
			if tt.pushed != "" {
				want = []string{tt.pushed}
			}
			if resp.StatusCode != tt.status || !slices.Equal(pushed, want) {
				t.Errorf("answered %d, pushed %q; want %d and %q", resp.StatusCode, pushed, tt.status, want)
			}
		})
	}
}

func TestWhatTheSchedulerSays(t *testing.T) {
	for _, tt := range []struct {
		err    error
		status int
	}{{registry.ErrNotFound, 200}, {registry.ErrTooLarge, 503}, {registry.ErrInvalid, 400}, {errors.New("other"), 503}} {
		s := receiver(t, func(string) error { return tt.err })
		body := `{"repository":{"full_name":"stadt/wahl"}}`
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/webhooks/github.com", strings.NewReader(body))
		req.Header.Set("X-GitHub-Event", "push")
		req.Header.Set("X-Hub-Signature-256", "sha256="+sign(body))
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != tt.status {
			t.Errorf("%v: answered %d, want %d", tt.err, resp.StatusCode, tt.status)
		}
	}
}

func TestOnlyPOSTAndOnlySoMuch(t *testing.T) {
	s := receiver(t, func(string) error { return nil })
	resp, err := s.Client().Get(s.URL + "/webhooks/github.com") //nolint:noctx // a loopback address
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != "POST" {
		t.Errorf("GET: %d", resp.StatusCode)
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/webhooks/github.com", strings.NewReader(strings.Repeat("x", maxEvent+1)))
	if resp, err = s.Client().Do(req); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", resp.StatusCode)
	}
}

func FuzzRepository(f *testing.F) {
	f.Add("application/json", []byte(`{"repository":{"full_name":"a/b"}}`))
	f.Add("application/json", []byte(`{"path_with_namespace":"a/b/c"}`))
	f.Add("application/x-www-form-urlencoded", []byte(`payload=%7B%7D`))
	f.Fuzz(func(t *testing.T, media string, body []byte) {
		payload, err := payload(media, body)
		if err != nil {
			return
		}
		path, err := repository(payload)
		if err != nil || path == "" {
			return
		}
		base, _ := url.Parse("https://git.example/lab")
		if !strings.HasPrefix(base.JoinPath(path).Path, "/lab/") {
			t.Errorf("%q leads out of the forge", path)
		}
	})
}
