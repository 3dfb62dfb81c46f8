import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import type { Database } from '@espejo/db';
import type { Embedder } from '@espejo/retrieval';
import { DISK_RESERVE_BYTES } from '../services/disk/disk-room.ts';

/** Parts without which Espejo does not do its work. */
export const PARTS = ['database', 'blobs', 'stores', 'embedder', 'ingestion', 'scheduler', 'disk'] as const;
export type Part = (typeof PARTS)[number];

/** Troubles it works on with: somebody else's, or not here yet. */
export const DEGRADED_REASONS = ['upstream', 'embeddings', 'secret', 'disk', 'clock', 'sweep'] as const;
export type Trouble = (typeof DEGRADED_REASONS)[number];

/** How the process stands. */
export interface Readiness {
  /** Each part: `ok`, or what is wrong with it. */
  readonly checks: Readonly<Record<Part, string>>;
  /** Troubles there are, each in a sentence. */
  readonly degraded: Readonly<Partial<Record<Trouble, string>>>;
}

export interface ReadinessDeps {
  readonly db: Database;
  readonly folders: { readonly data: string; readonly blobs: string; readonly stores: string };
  readonly embedder: Embedder;
  /** What failed when the embedding endpoint was last asked; null: nothing did. */
  readonly embeddingFault: () => string | null;
  /** What keeps files from being taken in; null: nothing does. */
  readonly ingestionFault: () => string | null;
  readonly schedulerFault: () => string | null;
  /** Why the clock is doubted; null: it is not. */
  readonly clockFault: () => string | null;
  /** What a sweep of content asks of a person; null: nothing. */
  readonly sweepQuestion: () => string | null;
  /** What somebody should know of the secret; a sentence each. */
  readonly secretWarnings: readonly string[];
  /** Stored keys that the secret does not open. */
  readonly unopenedCount: () => Promise<number>;
  readonly freeBytes: (folder: string) => Promise<number>;
}

/** With less than this, even the record of a deletion does not fit. */
const FREE_BYTES_MIN = 2 ** 20;
/** With less than this, somebody should look. */
const FREE_BYTES_LOW = 2 ** 30;

/** Looks at each part. Trouble at OpenAI or at an embedding endpoint leaves the process ready: it shows what it has. */
export async function checkReadiness(deps: ReadinessDeps): Promise<Readiness> {
  const [database, blobs, stores, embedder, free] = await Promise.all([
    wellUnless(() => deps.db.read.tenants.list(), 'The database does not answer.'),
    checkFolder(deps.folders.blobs),
    checkFolder(deps.folders.stores),
    checkEmbedder(deps.embedder),
    deps.freeBytes(deps.folders.data).catch(() => null),
  ]);
  const unwellCount = await countUnwell(deps.db);
  const unopenedCount = await deps.unopenedCount().catch(() => 0);
  const secret = [
    ...(unopenedCount > 0 ? [`Stored keys that do not open: ${unopenedCount}. The secret is another one now.`] : []),
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
      ...(unwellCount > 0 && { upstream: `Connections that are not well: ${unwellCount}. The console says why.` }),
      ...(embeddings !== null && { embeddings }),
      ...(secret.length > 0 && { secret: secret.join(' ') }),
      ...(clock !== null && { clock }),
      ...(sweep !== null && { sweep }),
      ...(free !== null && free < FREE_BYTES_LOW && { disk: diskTrouble(free) }),
    },
  };
}

/** Bytes that this process may still write where a folder is. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const OK = 'ok';

async function wellUnless(look: () => Promise<unknown>, fault: string): Promise<string> {
  try {
    await look();
    return OK;
  } catch {
    return fault;
  }
}

async function checkFolder(folder: string): Promise<string> {
  try {
    if (!(await stat(folder)).isDirectory()) return 'It is no folder.';
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return OK;
  } catch {
    return 'Its folder in the data folder cannot be read and written.';
  }
}

/** An endpoint is not asked just to see: each question to it may cost money, and its troubles are told apart. */
async function checkEmbedder(embedder: Embedder): Promise<string> {
  if (embedder.model.kind === 'remote') return OK;
  return wellUnless(
    () => embedder.embed(['ready'], { purpose: 'query' }),
    'The embedder on this machine does not work.',
  );
}

/** A count, no names and no ids: whoever may ask for readiness need not be signed in. */
async function countUnwell({ read }: Database): Promise<number> {
  try {
    const tenants = await read.tenants.list();
    const rows = await Promise.all(tenants.map((tenant) => read.connections.list(tenant.id)));
    return rows.flat().filter((row) => row.isEnabled && UNWELL.has(row.healthStatus)).length;
  } catch {
    return 0;
  }
}

const UNWELL: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'rate_limited', 'unavailable', 'malformed']);

/** On a full disk it shows what it has and deletes: whoever cannot reach it then cannot free anything. */
function diskTrouble(free: number): string {
  return free < DISK_RESERVE_BYTES
    ? `Only the reserve is left in the data folder (${megabytes(free)}): nothing can be added. Delete something, or free some space.`
    : `${megabytes(free)} are left in the data folder.`;
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MB`;
}
