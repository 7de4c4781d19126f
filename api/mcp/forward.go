// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package mcp

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// Forward answers on a stream of lines with what another node answers over HTTP:
// its tools, and its entries as resources. The address is that of the node, or of
// its /mcp.
func Forward(ctx context.Context, node, version string, client *http.Client, in io.ReadCloser, out io.WriteCloser) error {
	u, err := url.Parse(node)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("%q is no address of a node; write it like https://catalogue.example.org", node)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = Path
	}
	there := sdk.NewClient(&sdk.Implementation{Name: "allmende", Version: version}, nil)
	connecting, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	session, err := there.Connect(connecting, &sdk.StreamableClientTransport{Endpoint: u.String(), HTTPClient: client, DisableStandaloneSSE: true, MaxRetries: -1}, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", u.Redacted(), err)
	}
	defer session.Close()
	instructions := ""
	if hello := session.InitializeResult(); hello != nil {
		instructions = hello.Instructions
	}
	server := newServer(version, instructions)
	for tool, err := range session.Tools(connecting, nil) {
		if err != nil {
			return fmt.Errorf("%s: %w", u.Redacted(), err)
		}
		server.AddTool(tool, func(ctx context.Context, r *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
			return session.CallTool(ctx, &sdk.CallToolParams{Name: r.Params.Name, Arguments: r.Params.Arguments})
		})
	}
	for template, err := range session.ResourceTemplates(connecting, nil) {
		if err != nil {
			return fmt.Errorf("%s: %w", u.Redacted(), err)
		}
		server.AddResourceTemplate(template, func(ctx context.Context, r *sdk.ReadResourceRequest) (*sdk.ReadResourceResult, error) {
			return session.ReadResource(ctx, &sdk.ReadResourceParams{URI: r.Params.URI})
		})
	}
	return run(ctx, server, in, out)
}

// Path is where a node answers assistants.
const Path = "/mcp"
