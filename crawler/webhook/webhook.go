// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package webhook receives the push events of GitHub, GitLab and Forgejo or
// Gitea, and says which repository to visit. Nothing of an event is believed but
// the path of the repository: what there is to know is read from the forge.
package webhook

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

// maxEvent is the largest event that is read, in bytes; the push of thousands of
// commits may be larger, and is seen by the next sweep.
const maxEvent = 5 << 20

// Forge is an instance that may send events.
type Forge struct {
	Base   *url.URL // its web address
	Secret string   // that it signs with, or sends along (GitLab)
}

// Receiver answers POST /webhooks/HOST for each of its forges, HOST being that
// of the web address with its port and path, as in /webhooks/github.com.
//
// 202 is an event that leads to a visit, 204 one of a kind that does not, such
// as a ping, and 200 one of a repository that no source has: a hook of a whole
// group sends these too, and GitLab turns off hooks that are answered with 4xx
// again and again. 401 is one without the right secret, 404 one of a forge that
// is not configured, 503 one for which there is no room.
type Receiver struct {
	Forges []Forge
	// Pushed asks for a visit of a repository by its web address:
	// registry.ErrNotFound where nobody wants it, registry.ErrTooLarge where
	// too many wait.
	Pushed func(ctx context.Context, repository string) error
	Log    *slog.Logger
}

// Prefix is what the paths of a Receiver begin with.
const Prefix = "/webhooks/"

// ServeHTTP implements http.Handler.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	forge := r.forge(strings.TrimPrefix(req.URL.Path, Prefix))
	switch {
	case forge == nil:
		answer(w, http.StatusNotFound, "no forge of that name has a webhookSecretEnv in the configuration whose variable is set")
		return
	case req.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		answer(w, http.StatusMethodNotAllowed, "events are sent by POST")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxEvent))
	if err != nil {
		status := http.StatusBadRequest
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		answer(w, status, err.Error())
		return
	}
	payload, err := payload(req.Header.Get("Content-Type"), body)
	if err != nil {
		answer(w, http.StatusBadRequest, err.Error())
		return
	}
	event, genuine := genuine(req.Header, body, payload, forge.Secret)
	if !genuine {
		answer(w, http.StatusUnauthorized, "the signature or token is missing or not that of the secret")
		return
	}
	if !push[event] {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	path, err := repository(payload)
	if err != nil {
		answer(w, http.StatusBadRequest, err.Error())
		return
	}
	switch {
	case path != "":
	case event == systemHook: // of a user, a key, a group
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		answer(w, http.StatusBadRequest, "the event names no repository")
		return
	}
	address := forge.Base.JoinPath(path).String()
	err = r.Pushed(req.Context(), address)
	switch {
	case err == nil:
		r.Log.Info("push", "repository", address)
		w.WriteHeader(http.StatusAccepted)
	case errors.Is(err, registry.ErrNotFound):
		answer(w, http.StatusOK, "nothing is done: "+err.Error())
	case errors.Is(err, registry.ErrTooLarge):
		w.Header().Set("Retry-After", "60")
		answer(w, http.StatusServiceUnavailable, err.Error())
	case errors.Is(err, registry.ErrInvalid):
		answer(w, http.StatusBadRequest, err.Error())
	default:
		r.Log.Error("a push is lost unless the forge sends it again", "repository", address, "error", err)
		w.Header().Set("Retry-After", "60")
		answer(w, http.StatusServiceUnavailable, "the registry cannot take it now; send it again later")
	}
}

func answer(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	fmt.Fprintln(w, why)
}

func (r *Receiver) forge(name string) *Forge {
	for i, f := range r.Forges {
		if f.Secret != "" && strings.EqualFold(strings.Trim(name, "/"), f.Base.Host+strings.TrimRight(f.Base.Path, "/")) {
			return &r.Forges[i]
		}
	}
	return nil
}

// systemHook is what GitLab calls all events of a hook for the whole instance.
const systemHook = "System Hook"

// push are the events after which a repository may have changed.
var push = map[string]bool{
	"push": true, "create": true, "delete": true, "release": true, "repository": true, // GitHub, Forgejo, Gitea
	"public":    true,                                                                                      // GitHub
	"Push Hook": true, "Tag Push Hook": true, "Release Hook": true, "Project Hook": true, systemHook: true, // GitLab
}

// senders are the headers by which each forge names and proves its events, the
// more specific first: Forgejo sends Gitea's and GitHub's along.
var senders = []struct {
	event, proof string
	proves       func(proof string, body, payload []byte, secret string) bool
}{
	{"X-Gitlab-Event", "X-Gitlab-Token", func(proof string, _, _ []byte, secret string) bool {
		return hmac.Equal([]byte(proof), []byte(secret))
	}},
	{"X-Forgejo-Event", "X-Forgejo-Signature", signedPayload},
	{"X-Gitea-Event", "X-Gitea-Signature", signedPayload},
	{"X-GitHub-Event", "X-Hub-Signature-256", func(proof string, body, _ []byte, secret string) bool {
		sum, ok := strings.CutPrefix(proof, "sha256=")
		return ok && signed(sum, body, secret)
	}},
}

// genuine reports whether whoever sent an event knows the secret, and what kind
// of event it is.
func genuine(h http.Header, body, payload []byte, secret string) (event string, ok bool) {
	for _, s := range senders {
		if event := h.Get(s.event); event != "" {
			return event, s.proves(h.Get(s.proof), body, payload, secret)
		}
	}
	return "", false
}

// signedPayload is the proof of Forgejo and Gitea: they sign the JSON also where
// they send it in a form, of which GitHub signs the whole.
func signedPayload(proof string, _, payload []byte, secret string) bool {
	return signed(proof, payload, secret)
}

// signed compares a signature in hex: HMAC (RFC 2104) with SHA-256.
func signed(proof string, body []byte, secret string) bool {
	sum, err := hex.DecodeString(proof)
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal(sum, mac.Sum(nil))
}

// payload is the JSON of a request: its body, or a field of the form that it is
// by choice of whoever set up the hook.
func payload(contentType string, body []byte) ([]byte, error) {
	media, _, _ := mime.ParseMediaType(contentType)
	if media != "application/x-www-form-urlencoded" {
		return body, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("the event is no form: %w", err)
	}
	return []byte(form.Get("payload")), nil
}

// repository is the path of the repository that an event names, "" where it
// names none.
func repository(payload []byte) (string, error) {
	var event struct {
		Repository struct {
			FullName string `json:"full_name"`
		} `json:"repository"`
		Project struct {
			Path string `json:"path_with_namespace"`
		} `json:"project"`
		Path string `json:"path_with_namespace"` // GitLab's events of projects
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return "", fmt.Errorf("the event is no JSON: %w", err)
	}
	path := cmp.Or(event.Repository.FullName, event.Project.Path, event.Path)
	if path != "" && (!fs.ValidPath(path) || !utf8.ValidString(path) || !strings.Contains(path, "/") || len(path) > 1024) {
		return "", fmt.Errorf("the event names no repository, but %.80q", path)
	}
	return path, nil
}
