import { nowSeconds } from '../clock.ts';
import { createRandom, type Random } from '../random.ts';
import { addAttachment } from '../state/attachments/attachments.ts';
import { createFile } from '../state/files/create-file.ts';
import { seededTextBytes, usageBytesOf } from '../state/files/file-text.ts';
import type { Project } from '../state/project.ts';
import { type Attributes, AUTO_CHUNKING, type FileRow, NO_ATTRIBUTES, type StoreRow } from '../state/rows.ts';
import { createStore } from '../state/stores/create-store.ts';

export interface BulkSeed {
  readonly stores: number;
  /** Exactly this many files in each store. */
  readonly filesPerStore?: number | undefined;
  /** This many in all, spread evenly; the alternative to `filesPerStore`. */
  readonly attachments?: number | undefined;
  /** Share of the attachments whose file is attached to another store already. Default 0.05. */
  readonly sharedFraction?: number | undefined;
  /** Share of the attachments that failed. Default 0. */
  readonly failedFraction?: number | undefined;
  /** Files in no store. Default 0. */
  readonly orphans?: number | undefined;
  /** Default 1. The ids come from the sandbox's own seed. */
  readonly seed?: number | undefined;
  /** The newest row is this old in the sandbox's clock, the oldest `spanDays` older. Default: now. */
  readonly epochMs?: number | undefined;
  /** Default 90. */
  readonly spanDays?: number | undefined;
}

const SHARED_FRACTION_DEFAULT = 0.05;
/** How many files may be shared at a time; newer ones replace older ones. */
const SHAREABLE_MAX = 4096;
const EXTENSIONS: readonly [string, ...string[]] = ['md', 'txt', 'pdf', 'html', 'docx', 'json'];
const SUBJECTS: readonly [string, ...string[]] = [
  'handbook',
  'invoice',
  'ticket',
  'report',
  'policy',
  'release',
  'faq',
];
// A million attachments share these objects.
const ATTRIBUTE_SETS: readonly [Attributes, ...Attributes[]] = [
  NO_ATTRIBUTES,
  NO_ATTRIBUTES,
  { lang: 'en', tier: 1 },
  { lang: 'de', tier: 2 },
  { lang: 'pt', tier: 3, isDraft: true },
];

/** Fills a project with rows, oldest first, the same for the same numbers. */
export function seedBulk(project: Project, size: BulkSeed): void {
  const random = createRandom(size.seed ?? 1);
  const attachmentCount = size.attachments ?? size.stores * (size.filesPerStore ?? 0);
  const orphanCount = size.orphans ?? 0;
  const epoch = size.epochMs === undefined ? nowSeconds(project.clock) : Math.floor(size.epochMs / 1000);
  const rowCount = size.stores + attachmentCount + orphanCount;
  const start = epoch - (size.spanDays ?? 90) * 86_400;
  let rows = 0;
  const nextInstant = (): number => {
    rows += 1;
    return Math.floor(start + ((epoch - start) * rows) / rowCount);
  };

  const shareable: FileRow[] = [];
  let attached = 0;
  for (let index = 0; index < size.stores; index += 1) {
    const store = seedStore(project, index, nextInstant());
    const until = Math.round((attachmentCount * (index + 1)) / size.stores);
    for (; attached < until; attached += 1) {
      seedAttachment(project, store, shareable, random, size, nextInstant());
    }
    // Only files of finished stores are shared, or a store could have one twice.
    for (let count = Math.min(16, store.attachments.size); count > 0; count -= 1) {
      const row = store.attachments.at(random.below(store.attachments.size));
      const file = row === undefined ? undefined : project.files.get(row.id);
      if (file === undefined) continue;
      if (shareable.length < SHAREABLE_MAX) shareable.push(file);
      else shareable[random.below(SHAREABLE_MAX)] = file;
    }
  }
  for (let index = 0; index < orphanCount; index += 1) seedFile(project, random, nextInstant());
}

function seedStore(project: Project, index: number, createdAt: number): StoreRow {
  return createStore(project, {
    name: `Store ${String(index + 1).padStart(5, '0')}`,
    metadata: index % 3 === 0 ? { team: `team-${index % 17}` } : undefined,
    expiresAfterDays: index % 10 === 0 ? 365 : undefined,
    createdAt,
    lastActiveAt: createdAt,
  });
}

function seedAttachment(
  project: Project,
  store: StoreRow,
  shareable: readonly FileRow[],
  random: Random,
  size: BulkSeed,
  createdAt: number,
): void {
  const isShared = random.float() < (size.sharedFraction ?? SHARED_FRACTION_DEFAULT);
  const candidate = isShared ? shareable[random.below(shareable.length)] : undefined;
  const isFree = candidate !== undefined && store.attachments.get(candidate.id) === undefined;
  const file = isFree ? candidate : seedFile(project, random, createdAt);
  const isFailed = random.float() < (size.failedFraction ?? 0);
  addAttachment(project, store, {
    fileId: file.id,
    attributes: random.pick(ATTRIBUTE_SETS),
    createdAt,
    outcome: isFailed
      ? { usageBytes: 0, lastError: { code: 'server_error', message: 'An internal error occurred.' } }
      : { usageBytes: usageBytesOf(seededTextBytes(file), AUTO_CHUNKING), lastError: null },
  });
}

function seedFile(project: Project, random: Random, createdAt: number): FileRow {
  const serial = project.files.size + 1;
  return createFile(project, {
    filename: `${random.pick(SUBJECTS)}-${serial}.${random.pick(EXTENSIONS)}`,
    bytes: random.between(200, 24_000),
    createdAt,
  });
}
