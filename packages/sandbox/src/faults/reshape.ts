import type { SandboxReply } from '../http/exchange.ts';
import type { Fault, FaultOf } from './fault.ts';
import type { MatchedFault } from './fault-set.ts';

type Json = Record<string, unknown>;

/** A valid response, changed by the active faults. Responses that are not JSON objects stay unchanged. */
export function reshape(reply: SandboxReply, activeFaults: readonly MatchedFault[]): SandboxReply {
  const faults = activeFaults.map((active) => active.fault).filter(isReshaping);
  if (faults.length === 0 || reply.status !== 200 || typeof reply.body !== 'string') return reply;
  const body: unknown = JSON.parse(reply.body);
  if (!isObject(body)) return reply;
  const rawJson = new Map<string, string>();
  for (const fault of faults) applyTo(body, fault, rawJson);
  let text = JSON.stringify(body);
  for (const [marker, json] of rawJson) text = text.replaceAll(JSON.stringify(marker), json);
  return { ...reply, body: text };
}

type Reshaping = FaultOf<
  | 'empty_list'
  | 'has_more_forever'
  | 'repeated_page'
  | 'no_has_more'
  | 'empty_page_with_more'
  | 'stale_file_counts'
  | 'missing_field'
  | 'set_field'
  | 'not_deleted'
>;

const RESHAPING_KINDS: ReadonlySet<string> = new Set<Reshaping['kind']>([
  'empty_list',
  'has_more_forever',
  'repeated_page',
  'no_has_more',
  'empty_page_with_more',
  'stale_file_counts',
  'missing_field',
  'set_field',
  'not_deleted',
]);

function isReshaping(fault: Fault): fault is Reshaping {
  return RESHAPING_KINDS.has(fault.kind);
}

function applyTo(body: Json, fault: Reshaping, rawJson: Map<string, string>): void {
  switch (fault.kind) {
    case 'empty_list':
    case 'empty_page_with_more':
      if (!isList(body)) return;
      body.data = [];
      body.first_id = null;
      body.last_id = null;
      body.has_more = fault.kind === 'empty_page_with_more';
      return;
    case 'has_more_forever':
    case 'repeated_page':
      if (isList(body)) body.has_more = true;
      return;
    case 'no_has_more':
      if (isList(body)) delete body.has_more;
      return;
    case 'not_deleted':
      if ('deleted' in body) body.deleted = false;
      return;
    case 'stale_file_counts':
      for (const row of rowsOf(body)) {
        const counts = row.file_counts;
        if (!isObject(counts)) continue;
        for (const [status, add] of Object.entries(fault.add)) counts[status] = Number(counts[status] ?? 0) + add;
      }
      return;
    case 'missing_field':
      for (const row of rowsOf(body, fault.row)) delete row[fault.field];
      return;
    case 'set_field': {
      const marker = `raw-json-${rawJson.size}`;
      if (fault.rawJson !== undefined) rawJson.set(marker, fault.rawJson);
      for (const row of rowsOf(body, fault.row)) row[fault.field] = fault.rawJson === undefined ? fault.value : marker;
    }
  }
}

/** The rows of a list, or the one object of another response. */
function rowsOf(body: Json, index?: number): Json[] {
  if (!isList(body)) return [body];
  const rows = body.data.filter(isObject);
  return index === undefined ? rows : rows.slice(index, index + 1);
}

function isList(body: Json): body is Json & { data: unknown[] } {
  return body.object === 'list' && Array.isArray(body.data);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
