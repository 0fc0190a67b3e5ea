package main

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// openTraces sends spans where OpenTelemetry's own variables say; nil where they name no collector. What else they say (headers, sampler, queue,
// resource) the exporter reads by itself.
func (a *app) openTraces(ctx context.Context) (*sdktrace.TracerProvider, error) {
	wanted, err := a.wantsTraces()
	if err != nil || !wanted {
		return nil, err
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("prepare the sending of traces: %w", err)
	}
	build, _ := debug.ReadBuildInfo()
	about, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", "vigie"), attribute.String("service.version", buildVersion(build))),
		resource.WithTelemetrySDK(),
		resource.WithFromEnv(), // The last, so that the environment may give another name.
	)
	if err != nil {
		return nil, fmt.Errorf("read OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	return sdktrace.NewTracerProvider(sdktrace.WithBatcher(tellingExporter{exporter, a.log}), sdktrace.WithResource(about)), nil
}

// wantsTraces tells whether the environment names a collector.
func (a *app) wantsTraces() (bool, error) {
	value := func(name string) string {
		text, _ := a.env.lookup(name)
		return text
	}
	if value("OTEL_SDK_DISABLED") == "true" {
		return false, nil
	}
	named := value("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || value("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
	switch exporter := value("OTEL_TRACES_EXPORTER"); exporter {
	case "none":
		return false, nil
	case "otlp":
		named = true
	case "":
	default:
		return false, fmt.Errorf("OTEL_TRACES_EXPORTER is %q: traces are sent by otlp, or none", exporter)
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"} {
		protocol := value(name)
		if named && protocol != "" && protocol != "http/protobuf" {
			return false, fmt.Errorf("%s is %q: traces are sent by http/protobuf only", name, protocol)
		}
	}
	return named, nil
}

// tellingExporter tells the log when spans cannot be sent. They are lost then: nobody waits for a collector.
type tellingExporter struct {
	sdktrace.SpanExporter
	log *slog.Logger
}

// ExportSpans sends spans.
func (e tellingExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	if err != nil {
		e.log.Warn("traces are lost", "spans", len(spans), "error", err)
	}
	return nil // Told; the SDK would print it to a log of its own.
}
