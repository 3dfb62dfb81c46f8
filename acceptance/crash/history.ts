import type { Clock, SandboxState } from '@espejo/sandbox';
import type { Step, World } from './scenario.ts';

const DAY_MS = 86_400_000;

/** Fills a project before its history starts. */
export function settleWorld(state: SandboxState, world: World, seed: (bulk: World['bulk']) => void): void {
  seed(world.bulk);
  const storeId = state.storeIds()[0];
  if (storeId === undefined) return;
  for (let i = 0; i < world.wideFiles; i += 1) {
    state.attach({ storeId, fileId: state.createFile({ filename: `wide-${i}.txt`, content: `wide ${i}` }).id });
  }
}

/** Applies these actions of upstream's users. An action that upstream rejects, or without an object, changes nothing. */
export function act(state: SandboxState, clock: Clock, steps: readonly Step[]): void {
  for (const { verb, a, b } of steps) {
    try {
      const storeId = pick(state.storeIds(), a);
      const fileIds = state.fileIds();
      ACTS[verb]({ state, clock, a, b, storeId, fileIds, memberIds: memberIds(state, storeId) });
    } catch (error) {
      // Upstream rejects a missing store or file like any unknown id.
      if (!(error instanceof Error) || error.name !== 'OpenAiError') throw error;
    }
  }
}

interface Scene {
  readonly state: SandboxState;
  readonly clock: Clock;
  readonly a: number;
  readonly b: number;
  /** The store chosen by `a`. */
  readonly storeId: string;
  readonly fileIds: readonly string[];
  /** The files in that store. */
  readonly memberIds: readonly string[];
}

const ACTS: Record<Step['verb'], (scene: Scene) => void> = {
  'create store': ({ state, a, b, fileIds }) => {
    state.createStore({
      name: a % 9 === 0 ? null : `Store ${a % 20}`,
      expiresAfterDays: b % 4 === 0 ? 1 + (a % 3) : null,
      fileIds: fileIds.slice(a % 7, (a % 7) + (b % 3)),
    });
  },
  'create file': (scene) => {
    createFile(scene);
  },
  'upload into store': (scene) => {
    const { state, a, b, storeId } = scene;
    state.attach({ storeId, fileId: createFile(scene), attributes: attributes(a, b) });
  },
  attach: ({ state, b, storeId, fileIds }) => {
    state.attach({ storeId, fileId: pick(fileIds, b), isStuck: b % 13 === 0 });
  },
  'attach batch': ({ state, a, b, storeId, fileIds }) => {
    const first = b % Math.max(1, fileIds.length);
    const files = fileIds.slice(first, first + 3).map((fileId) => ({ fileId }));
    const batch = state.createBatch(storeId, files);
    if (a % 3 === 0) state.cancelBatch(storeId, batch.id);
  },
  detach: ({ state, b, storeId, memberIds }) => {
    state.detach(storeId, pick(memberIds, b));
  },
  'attach again': ({ state, a, b, storeId, memberIds }) => {
    const fileId = pick(memberIds, b);
    state.detach(storeId, fileId);
    state.attach({ storeId, fileId, attributes: attributes(b, a) });
  },
  'delete file': ({ state, a, b, fileIds }) => {
    state.deleteFile(pick(fileIds, b), (['none', 'none', 'listed', 'counted'] as const)[a % 4]);
  },
  'delete store': ({ state, storeId }) => {
    state.deleteStore(storeId);
  },
  rename: ({ state, b, storeId }) => {
    state.updateStore(storeId, { name: b % 4 === 0 ? null : `Renamed ${b % 50}` });
  },
  'set metadata': ({ state, b, storeId }) => {
    state.updateStore(storeId, { metadata: b % 4 === 0 ? null : { team: `team-${b % 5}` } });
  },
  'set attributes': ({ state, a, b, storeId, memberIds }) => {
    state.updateAttributes(storeId, pick(memberIds, b), b % 5 === 0 ? null : attributes(a, b));
  },
  'set expiry': ({ state, b, storeId }) => {
    state.updateStore(storeId, { expiresAfterDays: b % 3 === 0 ? null : 1 + (b % 4) });
  },
  'empty store': ({ state, storeId, memberIds }) => {
    for (const fileId of memberIds) state.detach(storeId, fileId);
  },
  'delete many stores': ({ state, b }) => {
    const ids = state.storeIds();
    for (const id of ids.slice(0, Math.floor((ids.length * (b % 101)) / 100))) state.deleteStore(id);
  },
  'wait seconds': ({ clock, a }) => {
    clock.advance(1_000 * (1 + (a % 5)));
  },
  'wait days': ({ clock, a }) => {
    clock.advance(DAY_MS * (1 + (a % 3)));
  },
};

function createFile({ state, a, b }: Scene): string {
  // An image cannot be indexed: its attachments fail.
  const filename = a % 6 === 0 ? `picture-${b}.png` : `text-${b}.txt`;
  const expiry = a % 9 === 0 ? { expiresAfterSeconds: 3_600 } : {};
  const purpose = b % 5 === 0 ? 'user_data' : 'assistants';
  return state.createFile({ filename, content: `content ${a} ${b}`, purpose, ...expiry }).id;
}

function attributes(a: number, b: number): Record<string, string | number | boolean> {
  return { lang: `l${a % 4}`, tier: (b % 100) / 8, isDraft: a % 2 === 0 };
}

function memberIds(state: SandboxState, storeId: string): readonly string[] {
  return Array.from(state.project.stores.get(storeId)?.attachments.values() ?? [], (row) => row.id);
}

/** One of these ids, or an unknown id if there are none. */
function pick(ids: readonly string[], index: number): string {
  return ids[index % Math.max(1, ids.length)] ?? 'nothing';
}
