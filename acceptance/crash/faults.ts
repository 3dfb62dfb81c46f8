import type { FaultInput } from '@espejo/sandbox';
import fc from 'fast-check';
import type { ItemKind } from './upstream-items.ts';

type Occurrence = Pick<FaultInput, 'nth' | 'count' | 'probability' | 'seed' | 'query'>;

const LISTINGS = { '/vector_stores': 'store', '/vector_stores/*/files': 'attachment', '/files': 'file' } as const;

const listing = fc.constantFrom(...(Object.keys(LISTINGS) as (keyof typeof LISTINGS)[]));
const single = fc.constantFrom('/vector_stores/*', '/files/*', '/vector_stores/*/files/*');
const anywhere = fc.oneof({ weight: 6, arbitrary: listing }, { weight: 3, arbitrary: single }, fc.constant('/**'));

/** Which requests of a path fail: one, a few in a row, random ones, all, or those after the first page. */
function occurrencesOn(path: string): fc.Arbitrary<Occurrence> {
  const behindFirstPage = fc.constant<Occurrence>({ query: { after: '*' } });
  // Most projects need one such request per sync.
  if (path === '/vector_stores' || path === '/files') {
    return fc.oneof(fc.constant({}), fc.record({ nth: fc.integer({ min: 1, max: 2 }) }), behindFirstPage);
  }
  return fc.oneof(
    fc.constant({}),
    fc.record({ nth: fc.integer({ min: 1, max: 12 }), count: fc.constantFrom(1, 3, 6) }),
    fc.record({ probability: fc.constantFrom(0.1, 0.4), seed: fc.nat(999) }),
    behindFirstPage,
  );
}

const striking = (faults: fc.Arbitrary<FaultInput & { readonly path: string }>): fc.Arbitrary<FaultInput> =>
  faults.chain((fault) => occurrencesOn(fault.path).map((occurrence) => ({ ...fault, ...occurrence })));

/** Errors with retry-after, to retry at once or never, so that no seed waits for a backoff. */
const refusal = (path: fc.Arbitrary<string>): fc.Arbitrary<FaultInput> =>
  striking(
    fc.record({
      kind: fc.constant('status'),
      status: fc.constantFrom(401, 403, 404, 404, 429, 500, 503),
      path,
      headers: fc.constantFrom<Record<string, string>>({ 'retry-after-ms': '1' }, { 'x-should-retry': 'false' }),
    }),
  );

/** A restricted key: the answer is an error that names the missing scope. */
const restricted: fc.Arbitrary<FaultInput> = fc.record({ kind: fc.constant('missing_scope'), path: listing });

const contradiction: fc.Arbitrary<FaultInput> = striking(
  fc.record({
    kind: fc.constantFrom('has_more_forever', 'repeated_page', 'empty_page_with_more', 'cursor_rejected'),
    path: listing,
  }),
);

const badRow: fc.Arbitrary<FaultInput> = striking(
  fc.record({
    kind: fc.constant('missing_field'),
    field: fc.constantFrom('id', 'created_at', 'status', 'filename'),
    path: anywhere,
    row: fc.nat(3),
  }),
);

const strangeRow: fc.Arbitrary<FaultInput> = fc.oneof(
  striking(
    fc.record({
      kind: fc.constant('set_field'),
      field: fc.constantFrom('status', 'region', 'usage_bytes'),
      value: fc.constantFrom('archived', { code: 'eu' }, null),
      path: listing,
    }),
  ),
  fc.record({
    kind: fc.constant('stale_file_counts'),
    path: fc.constant('/vector_stores'),
    add: fc.constantFrom({ total: 1 }, { completed: 2, total: 2 }),
  }),
);

/** Lists that look complete but leave rows out. */
const hiding: fc.Arbitrary<FaultInput> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('list_holes'), path: listing, share: fc.constantFrom(0.1, 0.3, 0.6) }),
  },
  fc.record({ kind: fc.constant('list_lag'), path: listing, lagMs: fc.integer({ min: 1_000, max: 30_000 }) }),
  striking(fc.record({ kind: fc.constant('empty_list'), path: listing })),
);

/** The client waits after one of these, so they are not combined with others. */
const brokenAnswer: fc.Arbitrary<FaultInput> = fc.record({
  kind: fc.constantFrom('drop', 'truncated_body', 'html'),
  path: anywhere,
  nth: fc.integer({ min: 1, max: 12 }),
});

const slowness: fc.Arbitrary<FaultInput> = fc.record({
  kind: fc.constant('latency'),
  latencyMs: fc.integer({ min: 1, max: 4 }),
});

const one = (fault: fc.Arbitrary<FaultInput>) => fault.map((alone) => [alone]);

const faultGroup: fc.Arbitrary<readonly FaultInput[]> = fc.oneof(
  { weight: 4, arbitrary: one(refusal(anywhere)) },
  { weight: 3, arbitrary: one(hiding) },
  // A row left out of the list is requested by id, and the answer is malformed.
  { weight: 3, arbitrary: fc.tuple(hiding, refusal(single)) },
  { weight: 2, arbitrary: one(contradiction) },
  { weight: 1, arbitrary: one(restricted) },
  { weight: 1, arbitrary: one(badRow) },
  { weight: 1, arbitrary: one(strangeRow) },
  { weight: 1, arbitrary: one(brokenAnswer) },
  { weight: 1, arbitrary: one(slowness) },
);

/** Faults in the answers of upstream during one sync. */
export const faults: fc.Arbitrary<readonly FaultInput[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(faultGroup, { minLength: 1, maxLength: 2 }).map((groups) => groups.flat()) },
);

/** Kinds of items that these faults can leave out of a listing that looks complete. */
export function kindsHiddenBy(faults: readonly FaultInput[]): readonly ItemKind[] {
  return faults.flatMap(({ kind, path }) => {
    if (kind !== 'list_lag' && kind !== 'list_holes' && kind !== 'empty_list') return [];
    return Object.entries(LISTINGS).flatMap(([hidden, items]) => (hidden === path ? [items] : []));
  });
}
