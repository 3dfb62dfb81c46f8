import { searchKey } from '../../search-text.ts';
import { TRASHED } from './trash.ts';

export interface StoreFilter extends StoreScope {
  readonly source?: 'primary' | 'cache' | undefined;
  /** A status, or `missing`: absent from the last complete listing. */
  readonly status?: string | undefined;
  readonly connectionId?: string | undefined;
}

/** The part of a filter that is not a facet: facets are counted within it. */
export interface StoreScope {
  readonly text?: string | undefined;
  readonly expiring?: ExpiringFilter | undefined;
  /** Only stores with failed files. */
  readonly hasFailedFiles?: boolean | undefined;
  /** Only these stores: those a key is limited to. */
  readonly ids?: readonly string[] | undefined;
}

/** Stores by expiry, primary and mirrors alike, as of one instant: a cached filter must not change with the clock. */
export interface ExpiringFilter {
  /** soon: expires by `untilS` and has not expired yet. */
  readonly state: 'soon' | 'expired';
  readonly nowS: number;
  readonly untilS: number;
}

export interface FacetCount {
  readonly source: 'primary' | 'cache';
  readonly status: string;
  readonly connectionId: string | null;
  readonly isMissing: boolean;
  readonly count: number;
}

/** Conditions of a query and the values for its placeholders, in their order. */
export interface Terms {
  readonly terms: readonly string[];
  readonly values: readonly (string | number)[];
}

/** Shorter texts have no trigram, so every row is read. */
const TRIGRAM_LENGTH = 3;

/** The text to search for; null when there is none. */
export function textOf({ text }: StoreScope): string | null {
  return searchKey(text?.trim() ?? '') || null;
}

/** Whether the text index can find this text. */
export function isIndexed(text: string): boolean {
  return [...text].length >= TRIGRAM_LENGTH;
}

/** The query of the text index for exactly these characters in this order. */
export function matchOf(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

const EVERY: Terms = { terms: [], values: [] };

/** The tenant, the stores named, their failed files, and the end. */
export function scopeTerms(tenantId: string, { expiring, hasFailedFiles, ids }: StoreScope): Terms {
  const named =
    ids === undefined ? EVERY : { terms: ['id in (select value from json_each(?))'], values: [JSON.stringify(ids)] };
  const failed = hasFailedFiles === true ? { terms: ['files_failed > 0'], values: [] } : EVERY;
  const tenant = join({ terms: ['tenant_id = ?'], values: [tenantId] }, named, failed);
  if (expiring === undefined) return tenant;
  const { state, nowS, untilS } = expiring;
  // A mirror expires only when upstream says so; an overdue one counts as expiring soon.
  return join(
    tenant,
    state === 'soon'
      ? {
          terms: [`status <> 'expired' and expires_sort <= ? and (source = 'cache' or expires_sort > ?)`],
          values: [untilS, nowS],
        }
      : { terms: [`(status = 'expired' or (source = 'primary' and expires_sort <= ?))`], values: [nowS] },
  );
}

/** The conditions of `isOfFacets`, as SQL. */
export function facetTerms({ source, status, connectionId }: StoreFilter): Terms {
  const terms: string[] = [];
  const values: string[] = [];
  if (source !== undefined) {
    terms.push('source = ?');
    values.push(source);
  }
  if (connectionId !== undefined) {
    terms.push('connection_id = ?');
    values.push(connectionId);
  }
  if (status === 'missing') {
    terms.push('missing_since_ms is not null');
  } else if (status !== undefined) {
    terms.push('status = ?');
    values.push(status);
  }
  if (isTrashHidden(status)) {
    terms.push('status <> ?');
    values.push(TRASHED);
  }
  return { terms, values };
}

export function isOfFacets({ source, status, connectionId }: StoreFilter, facet: Omit<FacetCount, 'count'>): boolean {
  return (
    (source === undefined || facet.source === source) &&
    (connectionId === undefined || facet.connectionId === connectionId) &&
    (status === undefined || (status === 'missing' ? facet.isMissing : facet.status === status)) &&
    !(isTrashHidden(status) && facet.status === TRASHED)
  );
}

/** Stores in the trash are listed only when they are asked for. */
function isTrashHidden(status: string | undefined): boolean {
  return status === undefined || status === 'missing';
}

export function join(...parts: readonly Terms[]): Terms {
  return { terms: parts.flatMap(({ terms }) => terms), values: parts.flatMap(({ values }) => values) };
}
