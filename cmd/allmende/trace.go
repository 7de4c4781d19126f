// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/felixge/httpsnoop"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	oteltrace "go.opentelemetry.io/otel/trace"
)

// traceGrace is how long the last spans may take to be sent at the end.
const traceGrace = 3 * time.Second

// tracing sends spans to where the environment says (OTEL_EXPORTER_OTLP_ENDPOINT or
// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, by OTLP over HTTP), as the other variables of
// OpenTelemetry want it. Where it says nothing, and with OTEL_SDK_DISABLED=true,
// nothing is traced, and it is nil.
type tracing struct{ provider *trace.TracerProvider }

func newTracing(ctx context.Context, log *slog.Logger) (*tracing, error) {
	to := os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") + os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT")
	if to == "" || os.Getenv("OTEL_SDK_DISABLED") == "true" || os.Getenv("OTEL_TRACES_EXPORTER") == "none" {
		return nil, nil
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, usageError(fmt.Errorf("traces: %w; see OTEL_EXPORTER_OTLP_ENDPOINT", err))
	}
	// What the environment says comes last, and so outweighs the name here.
	name, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithService(), resource.WithFromEnv())
	if err != nil {
		return nil, usageError(fmt.Errorf("traces: %w; see OTEL_RESOURCE_ATTRIBUTES", err))
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces", "error", err) }))
	return &tracing{trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(name))}, nil
}

// observing makes a span of each request to a handler, named by method and route,
// with nothing of who asks and for what. Each is a trace of its own, linked to the
// one that who asks may have (W3C Trace Context): strangers do not decide what is
// traced here.
func (t *tracing) observing(next http.Handler) http.Handler {
	if t == nil {
		return next
	}
	tracer := t.provider.Tracer("github.com/allmende-registry/allmende/cmd/allmende")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		opts := []oteltrace.SpanStartOption{oteltrace.WithNewRoot(), oteltrace.WithSpanKind(oteltrace.SpanKindServer)}
		asking := propagation.TraceContext{}.Extract(context.Background(), propagation.HeaderCarrier(r.Header))
		if link := oteltrace.LinkFromContext(asking); link.SpanContext.IsValid() {
			opts = append(opts, oteltrace.WithLinks(link))
		}
		method := knownMethod(r.Method)
		ctx, span := tracer.Start(r.Context(), method, opts...)
		defer span.End()
		r = r.WithContext(ctx)
		seen := httpsnoop.CaptureMetrics(next, w, r)
		route := cmp.Or(r.Pattern, "none")
		span.SetName(method + " " + route)
		span.SetAttributes(
			semconv.HTTPRequestMethodKey.String(method), semconv.HTTPRoute(route),
			semconv.HTTPResponseStatusCode(seen.Code), semconv.HTTPResponseBodySize(int(seen.Written)),
		)
		if seen.Code >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
	})
}

// end sends the last spans.
func (t *tracing) end() error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), traceGrace)
	defer cancel()
	return t.provider.Shutdown(ctx)
}
