import type { FileRow, ListFilesQuery } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { expectError } from '../support/http.ts';
import { allPages } from '../support/pages.ts';
import { sync, syncOk } from '../support/sync.ts';

type Query = { [K in keyof ListFilesQuery]?: K extends 'orphan' ? 'true' | 'false' : ListFilesQuery[K] };

const HOUR_S = 3600;

let sandbox: RunningSandbox;
let espejo: Espejo;

const list = (query: Query = {}) => espejo.call('listFiles', { query });
const namesOf = (page: { data: readonly FileRow[] }) => page.data.map((file) => file.filename).sort();
const orphanNames = async (orphan: 'true' | 'false') => namesOf(await list({ orphan, limit: 200 }));

beforeAll(async () => {
  sandbox = await startSandbox();
  const oldS = Math.floor(Date.now() / 1000) - 5 * HOUR_S;
  const { state } = sandbox;
  const [one, two, broken] = ['One', 'Two', 'Broken'].map((name) => state.createStore({ name }));
  const add = (filename: string, more: { purpose?: string; bytes?: number; createdAt?: number } = {}) =>
    state.createFile({ filename, createdAt: oldS, ...more }).id;
  const shared = add('shared.pdf', { bytes: 5000 });
  for (const store of [one, two]) if (store !== undefined) state.attach({ storeId: store.id, fileId: shared });
  if (one !== undefined) state.attach({ storeId: one.id, fileId: add('attached.txt') });
  if (broken !== undefined) state.attach({ storeId: broken.id, fileId: add('in-broken.txt') });
  add('orphan-a.txt', { bytes: 70 });
  add('orphan-b.txt', { bytes: 7 });
  add('batch-input.jsonl', { purpose: 'batch' });
  add('user.txt', { purpose: 'user_data' });
  add('fresh.txt', { createdAt: oldS + 5 * HOUR_S });
  espejo = await startEspejo({
    env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
  });
  // The files of one store cannot be listed at first.
  sandbox.faults.add({ kind: 'status', status: 404, path: `/vector_stores/${broken?.id}/files` });
  const run = await sync(espejo);
  expect(run.status).toBe('partial');
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

describe('files while a listing is incomplete', () => {
  it('are never shown as orphans', async () => {
    const page = await list();
    expect(page).toMatchObject({ isOrphanReportComplete: false, orphanCount: 0, orphanBytes: 0 });
    expect(await orphanNames('true')).toEqual([]);
    expect((await orphanNames('false')).length).toBe(page.total);
    const marks = Object.fromEntries(page.data.map((file) => [file.filename, file.orphan]));
    expect(marks).toMatchObject({ 'in-broken.txt': 'unknown', 'orphan-a.txt': 'unknown', 'attached.txt': 'no' });
    expect((await espejo.call('getStatus', {})).orphanCount).toBe(0);
  });
});

describe('files when all listings are complete', () => {
  beforeAll(async () => {
    sandbox.faults.clear();
    await syncOk(espejo);
  });

  it('with orphan=true are the assistants files in no store that are older than the grace period', async () => {
    expect(await orphanNames('true')).toEqual(['orphan-a.txt', 'orphan-b.txt']);
    const page = await list({ orphan: 'true', limit: 1 });
    expect(page).toMatchObject({ total: 2, orphanCount: 2, orphanBytes: 77, isOrphanReportComplete: true });
    expect((await espejo.call('getStatus', {})).orphanCount).toBe(2);
  });

  it('with orphan=false are all other files', async () => {
    const names = await orphanNames('false');
    expect(names).toEqual(
      ['attached.txt', 'batch-input.jsonl', 'fresh.txt', 'in-broken.txt', 'shared.pdf', 'user.txt'].sort(),
    );
    expect(names.length + 2).toBe((await list()).total);
  });

  it('give the reason of their orphan status', async () => {
    const marks = Object.fromEntries((await list()).data.map((file) => [file.filename, file.orphan]));
    expect(marks).toEqual({
      'shared.pdf': 'no',
      'attached.txt': 'no',
      'in-broken.txt': 'no',
      'orphan-a.txt': 'yes',
      'orphan-b.txt': 'yes',
      'batch-input.jsonl': 'not_applicable',
      'user.txt': 'not_applicable',
      'fresh.txt': 'too_fresh',
    });
  });

  it('name the stores they are attached to', async () => {
    const [shared] = (await list({ q: 'shared' })).data;
    expect(shared).toMatchObject({ attachmentCount: 2, orphan: 'no' });
    expect(shared?.attachedTo.map((ref) => ref.vectorStoreName).sort()).toEqual(['One', 'Two']);
    const detail = await espejo.call('getFile', { params: { id: shared?.id ?? '' } });
    expect(detail).toEqual(shared);
  });

  it('change their orphan status at the next sync after attaching or detaching', async () => {
    const { state } = sandbox;
    const [one = ''] = state.storeIds();
    const byName = new Map((await list()).data.map((file) => [file.filename, file.id]));
    state.attach({ storeId: one, fileId: byName.get('orphan-a.txt') ?? '' });
    state.detach(one, byName.get('attached.txt') ?? '');
    await syncOk(espejo);
    // Detached, but seen missing only once: it counts as attached until that is proven.
    expect(await orphanNames('true')).toEqual(['orphan-b.txt']);
  });

  it.each(['createdAt', 'filename', 'bytes'] as const)('are sorted by %s, both ways, over pages of 3', async (sort) => {
    const all = (await list({ limit: 200 })).data;
    for (const order of ['asc', 'desc'] as const) {
      const { rows } = await allPages<FileRow>((cursor) => list({ sort, order, limit: 3, cursor }));
      const key = (file: FileRow) => file[sort] ?? -1;
      const compare = (a: FileRow, b: FileRow) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id < b.id ? -1 : 1);
      const expected = all.toSorted((a, b) => (order === 'asc' ? compare(a, b) : compare(b, a)));
      expect(rows.map((file) => file.id)).toEqual(expected.map((file) => file.id));
    }
  });

  it('are filtered by purpose, connection and text', async () => {
    expect(namesOf(await list({ purpose: 'user_data' }))).toEqual(['user.txt']);
    expect(namesOf(await list({ purpose: 'nonsense' }))).toEqual([]);
    expect((await list({ connectionId: 'default' })).total).toBe((await list()).total);
    expect((await list({ connectionId: 'conn_other' })).total).toBe(0);
    expect(namesOf(await list({ q: 'ORPHAN-' }))).toEqual(['orphan-a.txt', 'orphan-b.txt']);
    expect(namesOf(await list({ q: 'batch', purpose: 'assistants' }))).toEqual([]);
  });

  it('answer 404 for an unknown id', async () => {
    expectError(await espejo.request('GET', '/api/files/file-none'), 404, 'file_not_found');
  });
});
