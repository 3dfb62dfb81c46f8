import { createRandom, type Random } from '../../random.ts';
import { addAttachment, setAttachmentStatus } from '../../state/attachments/attachments.ts';
import { createFile } from '../../state/files/create-file.ts';
import { dropFile } from '../../state/files/drop-file.ts';
import { seededTextBytes, usageBytesOf } from '../../state/files/file-text.ts';
import type { Project } from '../../state/project.ts';
import { AUTO_CHUNKING, type FileRow, type LastError, type StoreRow } from '../../state/rows.ts';
import { createStore } from '../../state/stores/create-store.ts';
import { settle } from '../../state/stores/settle.ts';
import { SAMPLE_LOOSE_FILES, SAMPLE_STORES, type SampleStore } from './stores.ts';
import { TOPICS, type Topic, type TopicName } from './topics.ts';

export interface SampleSeed {
  /**
   * Ages count back from this instant, so the same epoch gives the same ids and rows after a restart. Expiry follows
   * the clock.
   */
  readonly seedEpochMs: number;
}

/** Fills an empty project with the stores of a typical company. */
export function seedSample(project: Project, { seedEpochMs }: SampleSeed): void {
  const epoch = Math.floor(seedEpochMs / 1000);
  const random = createRandom(2026);
  const namesUsed = new Map<TopicName, number>();
  const filesByTopic = new Map<TopicName, FileRow[]>();

  for (const plan of SAMPLE_STORES) {
    const createdAt = epoch - seconds(plan.ageDays);
    const lastActiveAt = epoch - seconds(plan.idleDays);
    const newInstant = () => random.between(createdAt, lastActiveAt);
    // Files first: creating one advances the clock, which would expire an expired store before it had any.
    const shared = (filesByTopic.get(plan.topic) ?? []).slice(0, plan.sharedFiles ?? 0);
    const own = makeFiles(project, random, plan, namesUsed, newInstant);
    filesByTopic.set(plan.topic, [...(filesByTopic.get(plan.topic) ?? []), ...own.completed]);

    const store = createStore(project, {
      name: plan.name,
      description: plan.description,
      metadata: plan.metadata,
      expiresAfterDays: plan.expiresAfterDays,
      createdAt,
      lastActiveAt,
    });
    const attributesOf = (index: number) => plan.attributes?.[index % plan.attributes.length];
    for (const [index, file] of [...shared, ...own.completed].entries()) {
      const usageBytes = usageBytesOf(seededTextBytes(file), AUTO_CHUNKING);
      const attachedAt = Math.max(file.createdAt, createdAt);
      const attributes = attributesOf(index);
      addAttachment(project, store, {
        fileId: file.id,
        createdAt: attachedAt,
        attributes,
        outcome: { usageBytes, lastError: null },
      });
    }
    for (const { file, error } of own.failed) {
      addAttachment(project, store, {
        fileId: file.id,
        createdAt: file.createdAt,
        outcome: { usageBytes: 0, lastError: error },
      });
    }
    for (const file of own.stuck) addStuck(project, store, file);
    for (const file of own.cancelled) {
      const row = addStuck(project, store, file);
      setAttachmentStatus(store, row, { status: 'cancelled', usageBytes: 0, lastError: null });
    }
    // The last ones, because other stores share the first.
    for (const file of own.completed.slice(own.completed.length - (plan.ghosts ?? 0)))
      dropFile(project, file.id, 'listed');
  }
  for (const { filename, purpose, bytes, ageDays, lifeDays } of SAMPLE_LOOSE_FILES) {
    const createdAt = epoch - seconds(ageDays);
    const expiresAfterSeconds = lifeDays === undefined ? undefined : seconds(lifeDays);
    createFile(project, { filename, purpose, bytes, createdAt, expiresAfterSeconds });
  }
  settle(project);
}

interface SampleFiles {
  readonly completed: readonly FileRow[];
  readonly failed: readonly { readonly file: FileRow; readonly error: LastError }[];
  readonly stuck: readonly FileRow[];
  readonly cancelled: readonly FileRow[];
}

function makeFiles(
  project: Project,
  random: Random,
  plan: SampleStore,
  namesUsed: Map<TopicName, number>,
  newInstant: () => number,
): SampleFiles {
  const nextName = (): string => {
    const used = namesUsed.get(plan.topic) ?? 0;
    namesUsed.set(plan.topic, used + 1);
    return filenameOf(TOPICS[plan.topic], used);
  };
  const make = (filename: string): FileRow =>
    createFile(project, { filename, bytes: sizeOf(filename, random), createdAt: newInstant() });
  const makeMany = (count: number): readonly FileRow[] => Array.from({ length: count }, () => make(nextName()));
  return {
    completed: makeMany(plan.files),
    failed: (plan.failed ?? []).map(({ filename, error }) => ({ file: make(filename ?? nextName()), error })),
    stuck: makeMany(plan.stuckFiles ?? 0),
    cancelled: makeMany(plan.cancelledFiles ?? 0),
  };
}

function addStuck(project: Project, store: StoreRow, file: FileRow) {
  return addAttachment(project, store, { fileId: file.id, createdAt: file.createdAt, isStuck: true });
}

/** The nth name of a topic; after the last combination they are numbered. */
function filenameOf(topic: Topic, index: number): string {
  const { heads, tails, extensions } = topic;
  const round = Math.floor(index / (heads.length * tails.length));
  const head = heads[Math.floor(index / tails.length) % heads.length] ?? 'file';
  const tail = tails[index % tails.length] ?? 'x';
  const extension = extensions[index % extensions.length] ?? extensions[0];
  return `${head}-${tail}${round === 0 ? '' : `-${round + 1}`}.${extension}`;
}

/** Plain texts are small, documents are large; in both, small ones are more frequent. */
function sizeOf(filename: string, random: Random): number {
  const isDocument = /\.(pdf|docx|pptx|png|fig|xlsx)$/.test(filename);
  const [min, max] = isDocument ? [38_000, 4_800_000] : [900, 46_000];
  return Math.floor(min + (max - min) * random.float() ** 3);
}

function seconds(days: number): number {
  return Math.round(days * 86_400);
}
