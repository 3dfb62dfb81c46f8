import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import type { Database } from '@espejo/db';
import type { Embedder } from '@espejo/retrieval';
import { DISK_RESERVE_BYTES } from '../services/disk/disk-room.ts';

/** Parts without which Espejo does not work. */
export const PARTS = ['database', 'blobs', 'stores', 'embedder', 'ingestion', 'scheduler', 'disk'] as const;
export type Part = (typeof PARTS)[number];

/** Degradations with which it still works: problems of other systems, or of the future. */
export const DEGRADED_REASONS = ['upstream', 'embeddings', 'secret', 'disk', 'clock', 'sweep'] as const;
export type DegradedReason = (typeof DEGRADED_REASONS)[number];

/** The state of the process. */
export interface Readiness {
  /** Each part: `ok`, or its error. */
  readonly checks: Readonly<Record<Part, string>>;
  /** The present degradations, each in a sentence. */
  readonly degraded: Readonly<Partial<Record<DegradedReason, string>>>;
}

export interface ReadinessDeps {
  readonly db: Database;
  readonly folders: { readonly data: string; readonly blobs: string; readonly stores: string };
  readonly embedder: Embedder;
  /** The error of the last call to the embedding endpoint; null: none. */
  readonly embeddingFault: () => string | null;
  /** Why ingestion is blocked; null: it is not. */
  readonly ingestionFault: () => string | null;
  readonly schedulerFault: () => string | null;
  /** Why the clock is doubted; null: it is not. */
  readonly clockFault: () => string | null;
  /** What a sweep of content needs approved; null: nothing. */
  readonly sweepQuestion: () => string | null;
  /** Warnings about the secret; a sentence each. */
  readonly secretWarnings: readonly string[];
  /** The number of stored keys that the secret does not decrypt. */
  readonly unopenedCount: () => Promise<number>;
  readonly freeBytes: (folder: string) => Promise<number>;
}

/** With less than this, even the record of a deletion does not fit. */
const FREE_BYTES_MIN = 2 ** 20;
/** With less than this, readiness has a warning. */
const FREE_BYTES_LOW = 2 ** 30;

/** Checks each part. Problems at OpenAI or at an embedding endpoint leave the process ready: it serves what it has. */
export async function checkReadiness(deps: ReadinessDeps): Promise<Readiness> {
  const [database, blobs, stores, embedder, free] = await Promise.all([
    okUnless(() => deps.db.read.tenants.list(), 'The database does not answer.'),
    checkFolder(deps.folders.blobs),
    checkFolder(deps.folders.stores),
    checkEmbedder(deps.embedder),
    deps.freeBytes(deps.folders.data).catch(() => null),
  ]);
  const unwellCount = await countUnhealthy(deps.db);
  const unopenedCount = await deps.unopenedCount().catch(() => 0);
  const secret = [
    ...(unopenedCount > 0 ? [`Stored keys that cannot be decrypted: ${unopenedCount}. The secret has changed.`] : []),
    ...deps.secretWarnings,
  ];
  const embeddings = deps.embeddingFault();
  const clock = deps.clockFault();
  const sweep = deps.sweepQuestion();
  return {
    checks: {
      database,
      blobs,
      stores,
      embedder,
      ingestion: deps.ingestionFault() ?? OK,
      scheduler: deps.schedulerFault() ?? OK,
      disk: free === null || free >= FREE_BYTES_MIN ? OK : 'Nothing can be written any more, not even a deletion.',
    },
    degraded: {
      ...(unwellCount > 0 && { upstream: `Connections with a problem: ${unwellCount}. The console says why.` }),
      ...(embeddings !== null && { embeddings }),
      ...(secret.length > 0 && { secret: secret.join(' ') }),
      ...(clock !== null && { clock }),
      ...(sweep !== null && { sweep }),
      ...(free !== null && free < FREE_BYTES_LOW && { disk: diskWarning(free) }),
    },
  };
}

/** Bytes that this process may still write where a folder is. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const OK = 'ok';

async function okUnless(look: () => Promise<unknown>, fault: string): Promise<string> {
  try {
    await look();
    return OK;
  } catch {
    return fault;
  }
}

async function checkFolder(folder: string): Promise<string> {
  try {
    if (!(await stat(folder)).isDirectory()) return 'It is not a directory.';
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return OK;
  } catch {
    return 'Its folder in the data folder is not readable and writable.';
  }
}

/** An endpoint is not called for a check: each call may cost money, and its errors are reported separately. */
async function checkEmbedder(embedder: Embedder): Promise<string> {
  if (embedder.model.kind === 'remote') return OK;
  return okUnless(() => embedder.embed(['ready'], { purpose: 'query' }), 'The embedder on this machine does not work.');
}

/** A count without names and ids: readiness can be read without authentication. */
async function countUnhealthy({ read }: Database): Promise<number> {
  try {
    const tenants = await read.tenants.list();
    const rows = await Promise.all(tenants.map((tenant) => read.connections.list(tenant.id)));
    return rows.flat().filter((row) => row.isEnabled && UNHEALTHY.has(row.healthStatus)).length;
  } catch {
    return 0;
  }
}

const UNHEALTHY: ReadonlySet<string> = new Set([
  'unauthorized',
  'forbidden',
  'rate_limited',
  'unavailable',
  'malformed',
]);

/** On a full disk it serves and deletes: a probe that stopped all requests would make freeing space impossible. */
function diskWarning(free: number): string {
  return free < DISK_RESERVE_BYTES
    ? `Only the reserve is left in the data folder (${megabytes(free)}): nothing can be added. Delete something, or free some space.`
    : `${megabytes(free)} are left in the data folder.`;
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MB`;
}
