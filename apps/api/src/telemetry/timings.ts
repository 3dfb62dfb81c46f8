import type { ParserEvent } from '@espejo/retrieval';
import { Counter, Histogram } from 'prom-client';

/** Kinds of timed work; a closed set. */
export const WORK_KINDS = [
  'parse',
  'chunk',
  'embed_document',
  'embed_query',
  'index_search',
  'index_write',
  'db_write',
] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/**
 * Durations as histograms, and events of parser processes as a counter. They are registered when a scrape is possible.
 */
export interface Timings {
  observeWork(kind: WorkKind, isOk: boolean, seconds: number): void;
  /** `status` as upstream answered; null: no answer. */
  observeUpstream(
    connection: { readonly tenantId: string; readonly id: string },
    status: number | null,
    seconds: number,
  ): void;
  countParserEvent(event: ParserEvent): void;
  readonly instruments: readonly (Histogram | Counter)[];
}

const PARSER_EVENTS = ['started', 'ended_for_memory', 'ended_for_time', 'crashed'] as const satisfies ParserEvent[];

const WORK_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];
const UPSTREAM_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createTimings(): Timings {
  const work = new Histogram({
    name: 'espejo_work_duration_seconds',
    help: 'Duration of background work, by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    buckets: WORK_BUCKETS_S,
    registers: [],
  });
  const upstream = new Histogram({
    name: 'espejo_upstream_request_duration_seconds',
    help: 'Duration of one request to a connection, by the class of its response.',
    labelNames: ['tenant', 'connection', 'status'],
    buckets: UPSTREAM_BUCKETS_S,
    registers: [],
  });
  const parserEvents = new Counter({
    name: 'espejo_parser_processes_total',
    help: 'Parser processes: started, ended for their memory or their time, crashed.',
    labelNames: ['event'],
    registers: [],
  });
  for (const event of PARSER_EVENTS) parserEvents.inc({ event }, 0);
  return {
    countParserEvent: (event) => parserEvents.inc({ event }),
    observeWork: (kind, isOk, seconds) => work.observe({ kind, outcome: isOk ? 'ok' : 'failed' }, seconds),
    observeUpstream: ({ tenantId, id }, status, seconds) =>
      upstream.observe(
        { tenant: tenantId, connection: id, status: status === null ? 'none' : classOf(status) },
        seconds,
      ),
    instruments: [work, upstream, parserEvents],
  };
}

/** 429 is separate, as it is the one that limits the rate. */
function classOf(status: number): string {
  return status === 429 ? '429' : `${Math.floor(status / 100)}xx`;
}
