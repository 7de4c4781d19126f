// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// root is the repository, as seen from a test of this package.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// readYAML reads a file of several YAML documents strictly.
func readYAML(t *testing.T, name string, documents ...any) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	for _, d := range documents {
		if err := dec.Decode(d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// script runs the script of a workflow or pipeline with real programs.
func script(t *testing.T, shell, script, dir string, env map[string]string) (out string, code int) {
	t.Helper()
	path, err := exec.LookPath(shell)
	if err != nil {
		t.Skipf("no %s here", shell)
	}
	cmd := exec.CommandContext(t.Context(), path, "-e", "-c", script)
	cmd.Dir = dir
	cmd.Env = os.Environ()
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	combined, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(combined), cmd.ProcessState.ExitCode()
}

type githubAction struct {
	Inputs map[string]struct{ Description, Default string }
	Runs   struct {
		Using string
		Steps []struct {
			Uses, Shell, Run string
			With, Env        map[string]string
		}
	}
}

func TestGitHubAction(t *testing.T) {
	var action githubAction
	readYAML(t, "action.yml", &action)
	setup, check := action.Runs.Steps[0], action.Runs.Steps[1]
	if action.Runs.Using != "composite" || len(action.Runs.Steps) != 2 || check.Shell != "bash" {
		t.Fatalf("%+v", action.Runs)
	}
	if !regexp.MustCompile(`^actions/setup-go@[0-9a-f]{40}$`).MatchString(setup.Uses) {
		t.Errorf("not pinned by commit: %s", setup.Uses)
	}
	needs, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if version := strings.TrimSuffix(setup.With["go-version"], ".x"); !bytes.Contains(needs, []byte("\ngo "+version+".")) {
		t.Errorf("go.mod wants another Go than %s", version)
	}
	if strings.Contains(check.Run, "${{") {
		t.Error("an input is written into the script")
	}
	env := map[string]string{"RUNNER_TEMP": t.TempDir(), "GITHUB_ACTION_PATH": root(t)}
	for name, input := range action.Inputs {
		variable := "ALLMENDE_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		if input.Description == "" || check.Env[variable] != "${{ inputs."+name+" }}" {
			t.Errorf("input %s is not in the environment", name)
		}
		env[variable] = input.Default
	}

	dir := repository(t, map[string]string{"publiccode.yml": warned, "odd $(touch owned); x.yml": "name: [\n"})
	if out, code := script(t, "bash", check.Run, dir, env); code != 0 || !strings.HasPrefix(out, "::warning file=publiccode.yml,line=13,") {
		t.Errorf("exit code %d: %s", code, out)
	}
	env["ALLMENDE_PATH"] = "publiccode.yml\nodd $(touch owned); x.yml\n"
	env["ALLMENDE_PROFILE"] = "reuse-ready\nopencode"
	env["ALLMENDE_SARIF"] = "report `touch owned`.sarif"
	out, code := script(t, "bash", check.Run, dir, env)
	if code != 1 || !strings.Contains(out, "::error file=odd $(touch owned); x.yml,line=") {
		t.Errorf("exit code %d: %s", code, out)
	}
	sarif, err := os.ReadFile(filepath.Join(dir, "report `touch owned`.sarif"))
	if err != nil || !json.Valid(sarif) {
		t.Errorf("%v: %s", err, sarif)
	}
	if _, err := os.Stat(filepath.Join(dir, "owned")); err == nil {
		t.Error("an input was run as a command")
	}
}

type gitlabJob struct {
	Image     string
	Variables map[string]struct {
		Value  string
		Expand bool
	}
	Script []string
}

// TestGitLabComponent runs the component's script. What stands in for the
// download of a released version is a build of this one.
func TestGitLabComponent(t *testing.T) {
	var head struct {
		Spec struct {
			Inputs map[string]struct {
				Description string
				Default     any
			}
		}
	}
	var jobs map[string]gitlabJob
	readYAML(t, "templates/validate/template.yml", &head, &jobs)
	job := jobs["publiccode-validate"]
	run := strings.Join(job.Script, "\n")
	if strings.Contains(run, "$[[") {
		t.Error("an input is written into the script")
	}
	if image, _ := head.Spec.Inputs["image"].Default.(string); !regexp.MustCompile(`^golang:1\.\d+\.\d+-\w+@sha256:[0-9a-f]{64}$`).MatchString(image) {
		t.Errorf("not pinned by digest: %q", image)
	}
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no Go here")
	}
	bin := t.TempDir()
	install := "#!/bin/sh\n[ \"$*\" = 'install github.com/allmende-registry/allmende/cmd/allmende@v1.2.3' ] || exit 9\nexec '" + goCommand + "' build -C '" + root(t) + "' -o \"$GOBIN/allmende\" ./cmd/allmende\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(install), 0o700); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"PATH": bin + string(os.PathListSeparator) + os.Getenv("PATH"), "ALLMENDE_VERSION": "v1.2.3"}
	for name, input := range head.Spec.Inputs {
		if input.Description == "" {
			t.Errorf("input %s has no description", name)
		}
		variable := "ALLMENDE_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		v, ok := job.Variables[variable]
		if ok && (v.Value != "$[[ inputs."+name+" ]]" || v.Expand) {
			t.Errorf("%s: %+v", variable, v)
		}
		if value, set := input.Default.(string); ok && set {
			env[variable] = value
		}
	}

	dir := repository(t, map[string]string{"publiccode.yml": warned})
	env["ALLMENDE_PATH"] = ".\n$(touch owned).yml\nPATHS"
	env["ALLMENDE_PROFILE"] = "reuse-ready"
	env["ALLMENDE_ONLINE"] = "false"
	out, code := script(t, "sh", run, dir, env)
	if code != 2 || !strings.Contains(out, "PC0416") || !strings.Contains(out, `"$(touch owned).yml" cannot be read`) || !strings.Contains(out, `"PATHS" cannot be read`) {
		t.Errorf("exit code %d: %s", code, out)
	}
	template, err := os.ReadFile("../../templates/validate/template.yml")
	if err != nil {
		t.Fatal(err)
	}
	for format, kind := range map[string]string{"gitlab": "codequality", "junit": "junit"} {
		name := regexp.MustCompile(format + `=(\S+)`).FindStringSubmatch(run)[1]
		if !bytes.Contains(template, []byte("\n      "+kind+": "+name+"\n")) {
			t.Errorf("the report %s is not collected as %s", name, kind)
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Contains(content, []byte("PC0416")) {
			t.Errorf("report %s: %v: %s", name, err, content)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "owned")); err == nil {
		t.Error("an input was run as a command")
	}
}

func TestPreCommitHooks(t *testing.T) {
	var hooks []struct{ ID, Name, Entry, Language, Files string }
	readYAML(t, ".pre-commit-hooks.yaml", &hooks)
	var commands []string
	for _, c := range rootCommand().Commands() {
		commands = append(commands, "allmende "+c.Name())
	}
	for _, h := range hooks {
		if h.Language != "golang" || h.Name == "" || !slices.Contains(commands, h.Entry) {
			t.Errorf("%+v", h)
		}
		files := regexp.MustCompile(h.Files)
		for name, want := range map[string]bool{
			"publiccode.yml": true, "publiccode.yaml": true, "apps/portal/publiccode.yml": true,
			"mypubliccode.yml": false, "publiccode.yml.bak": false, "publiccodeXyml": false, "docs/publiccode.md": false,
		} {
			if files.MatchString(name) != want {
				t.Errorf("%s: %s: %v", h.ID, name, !want)
			}
		}
	}
	if len(hooks) != 2 || hooks[0].ID != "publiccode-validate" || hooks[1].ID != "publiccode-fix" {
		t.Errorf("%+v", hooks)
	}
}
