import { z } from 'zod';

/** The samplers that `OTEL_TRACES_SAMPLER` may name. */
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** OpenTelemetry's own variables, as far as the code depends on them. */
export const TRACING_ENV = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  OTEL_SDK_DISABLED: z.stringbool().default(false),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
};

export interface TracingSettings {
  readonly sampler: (typeof SAMPLERS)[number];
  /** Share of traces that a `traceidratio` keeps. */
  readonly ratio: number;
}

const Env = z.object(TRACING_ENV);

/** Null: no collector is configured, so there is no tracing. */
export function readTracing(e: z.output<typeof Env>): TracingSettings | null {
  const hasEndpoint = (e.OTEL_EXPORTER_OTLP_ENDPOINT ?? e.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) !== undefined;
  if (!hasEndpoint || e.OTEL_SDK_DISABLED) return null;
  return { sampler: e.OTEL_TRACES_SAMPLER, ratio: e.OTEL_TRACES_SAMPLER_ARG };
}
