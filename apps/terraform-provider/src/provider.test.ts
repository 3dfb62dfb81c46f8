import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, createSandboxFetch } from '@espejo/sandbox';
import { dynamicOf, type ObjectValue, UNKNOWN } from '@espejo/terraform-plugin';
import { startCore } from '@espejo/terraform-plugin/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { sendByFetch } from './client/send.ts';
import { createProvider } from './provider.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-provider-'));
  folders.push(folder);
  return folder;
}

async function setUp(config: ObjectValue = {}) {
  const sandbox = createSandbox();
  const env = { OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: 'http://sandbox.local/v1', TF_DATA_DIR: newFolder() };
  const core = await startCore(
    createProvider(env, () => undefined, sendByFetch(createSandboxFetch(sandbox))),
    config,
  );
  const made = async (type: string, wanted: ObjectValue) => {
    const kept = await core.converge(type, wanted, null);
    if (kept === null) throw new Error(`${type} was not made`);
    expect((await core.plan(type, wanted, await refreshed(type, kept))).isChange, 'an empty plan after apply').toBe(
      false,
    );
    return kept;
  };
  const refreshed = async (type: string, kept: Awaited<ReturnType<typeof core.converge>>) => {
    if (kept === null) throw new Error('gone');
    const now = await core.refresh(type, kept);
    if (now === null) throw new Error(`${type} is gone`);
    return now;
  };
  const store = async () => String((await made('openai_vector_store', { name: 'S' })).state.id);
  return { sandbox, core, made, refreshed, store };
}
const STORE = 'openai_vector_store';
const STORE_FILE = 'openai_vector_store_file';

describe('the vector store resource', () => {
  it('clears a field that becomes null, also at the server', async () => {
    const { core, made, sandbox } = await setUp();
    const kept = await made(STORE, { name: 'A', metadata: { a: '1' }, expires_after: { days: 7 } });
    await core.converge(STORE, {}, kept);
    expect(sandbox.state.snapshot().stores).toMatchObject([{ name: null, metadata: {}, expires_after: null }]);
  });
  it('is replaced when the description changes, which OpenAI cannot update', async () => {
    const { core, made } = await setUp();
    const kept = await made(STORE, { name: 'A', description: 'one' });
    expect((await core.plan(STORE, { name: 'A', description: 'two' }, kept)).replacedBy).toEqual(['description']);
  });
  it('attaches and detaches the files it lists and leaves others alone', async () => {
    const { core, made, sandbox } = await setUp();
    const [a = '', b = '', other = ''] = ['a', 'b', 'c'].map(
      (name) => sandbox.state.createFile({ filename: `${name}.md`, content: name }).id,
    );
    const kept = await made(STORE, { name: 'A', file_ids: [a] });
    sandbox.state.createStore({ name: 'Else', fileIds: [other] });
    const changed = await core.converge(STORE, { name: 'A', file_ids: [b] }, kept);
    const { attachments } = sandbox.state.snapshot();
    expect(attachments.get(String(changed?.state.id))?.map(({ id }) => id)).toEqual([b]);
  });
  it('warns that OpenAI counts an expiry from last use instead of from now, and keeps an empty plan', async () => {
    const { core, made, sandbox } = await setUp();
    const wanted = { name: 'A', expires_after: { anchor: 'now', days: 7 } };
    expect((await core.plan(STORE, wanted, null)).diagnostics).toMatchObject([
      { summary: 'expires_after counts from now' },
    ]);
    await made(STORE, wanted);
    expect(sandbox.state.snapshot().stores).toMatchObject([{ expires_after: { anchor: 'last_active_at', days: 7 } }]);
  });
  it('is created once although the answers to its creation are lost', async () => {
    const { made, sandbox } = await setUp();
    sandbox.faults.add({ kind: 'drop', effect: 'after', method: 'POST', path: '/vector_stores', count: 1 });
    const kept = await made(STORE, { name: 'A' });
    expect(sandbox.state.snapshot().stores.map(({ id }) => id)).toEqual([kept.state.id]);
  });
  it('is not confused with an equal store when one loses its answer and the other its request', async () => {
    const { core, sandbox } = await setUp();
    sandbox.faults.add({ kind: 'drop', effect: 'after', method: 'POST', path: '/vector_stores', count: 1 });
    sandbox.faults.add({ kind: 'drop', effect: 'before', method: 'POST', path: '/vector_stores', nth: 2 });
    const kept = await Promise.all([1, 2].map(() => core.converge(STORE, { name: 'A' }, null)));
    expect(new Set(kept.map((one) => one?.state.id)).size).toBe(2);
    expect(sandbox.state.snapshot().stores).toHaveLength(2);
  });
  it('takes over the state of other providers, whose blocks are lists', async () => {
    const { core } = await setUp();
    const raw = {
      id: 'vs_1',
      name: 'A',
      file_ids: ['file-1'],
      metadata: { a: '1' },
      expires_after: [{ anchor: 'last_active_at', days: 7 }],
      object: 'vector_store',
    };
    expect(await core.upgrade(STORE, raw, 0)).toMatchObject({
      id: 'vs_1',
      expires_after: { anchor: 'last_active_at', days: 7 },
      on_destroy: 'delete',
      deletion_protection: false,
    });
  });
  it('is rejected when its chunk sizes contradict each other', async () => {
    const { core } = await setUp();
    expect(
      await core.validate(STORE, { chunking_strategy: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 60 } }),
    ).toMatchObject([{ attribute: 'chunking_strategy', detail: expect.stringContaining('half') }]);
    expect(await core.validate(STORE, { expires_after: { days: 366 } })).toMatchObject([
      { attribute: 'expires_after' },
    ]);
  });
});

describe('the vector store file resource', () => {
  it('is found although it does not appear right after it was attached', async () => {
    const { made, sandbox, store } = await setUp();
    const vectorStoreId = await store();
    sandbox.faults.add({ kind: 'status', status: 404, method: 'GET', path: '/vector_stores/*/files/*', count: 2 });
    const { state } = await made(STORE_FILE, { vector_store_id: vectorStoreId, content: 'x', filename: 'x.md' });
    expect(state).toMatchObject({ status: 'completed' });
  });
  it('updates attributes of any type in place, and clears them', async () => {
    const { core, made, sandbox, store } = await setUp();
    const wanted = { vector_store_id: await store(), content: 'x', filename: 'x.md' };
    const attributes = dynamicOf({ lang: 'en', year: 2026, draft: false, share: 0.1 });
    const kept = await made(STORE_FILE, { ...wanted, attributes });
    const changed = await core.converge(STORE_FILE, { ...wanted, attributes: dynamicOf({ lang: 'de' }) }, kept);
    expect([...sandbox.state.snapshot().attachments.values()]).toMatchObject([[{ attributes: { lang: 'de' } }]]);
    await core.converge(STORE_FILE, wanted, changed);
    expect([...sandbox.state.snapshot().attachments.values()]).toMatchObject([
      [{ id: kept.state.file_id, attributes: {} }],
    ]);
  });
  it('is replaced for other content, also at the same path, and not when the file moved', async () => {
    const { core, made, store } = await setUp();
    const folder = newFolder();
    writeFileSync(join(folder, 'a.md'), 'one');
    mkdirSync(join(folder, 'moved'));
    const wanted = { vector_store_id: await store(), source: join(folder, 'a.md') };
    const kept = await made(STORE_FILE, wanted);
    writeFileSync(join(folder, 'moved/a.md'), 'one');
    expect((await core.plan(STORE_FILE, { ...wanted, source: join(folder, 'moved/a.md') }, kept)).replacedBy).toEqual(
      [],
    );
    writeFileSync(join(folder, 'a.md'), 'two');
    const planned = await core.plan(STORE_FILE, wanted, kept);
    expect(planned.replacedBy).toContain('content_sha256');
    expect(planned.state).toMatchObject({ file_id: UNKNOWN });
  });
  it('is not uploaded when it changed between plan and apply', async () => {
    const { core, sandbox } = await setUp();
    const path = join(newFolder(), 'a.md');
    writeFileSync(path, 'one');
    const planned = await core.plan('openai_file', { source: path }, null);
    writeFileSync(path, 'two');
    const applied = await core.apply('openai_file', { source: path }, null, planned);
    expect(applied).toMatchObject({ state: null, diagnostics: [{ summary: 'The file changed since the plan' }] });
    expect(sandbox.state.snapshot().files).toEqual([]);
  });
  it('is uploaded once although the answer to the upload is lost', async () => {
    const { made, sandbox } = await setUp();
    sandbox.faults.add({ kind: 'drop', effect: 'after', method: 'POST', path: '/files', count: 1 });
    const kept = await made('openai_file', { content: 'x', filename: 'x.md' });
    expect(sandbox.state.snapshot().files.map(({ id }) => id)).toEqual([kept.state.id]);
  });
});

describe('the file batch resource', () => {
  it('attaches added files, detaches removed ones and updates attributes in place', async () => {
    const { core, made, sandbox, store } = await setUp();
    const [a = '', b = '', c = ''] = ['a', 'b', 'c'].map(
      (name) => sandbox.state.createFile({ filename: `${name}.md`, content: name }).id,
    );
    const wanted = { vector_store_id: await store(), file_ids: [a, b] };
    const type = 'openai_vector_store_file_batch';
    const kept = await made(type, wanted);
    await core.converge(type, { ...wanted, file_ids: [b, c], attributes: dynamicOf({ k: 'v' }) }, kept);
    const [attached = []] = [...sandbox.state.snapshot().attachments.values()];
    expect(attached.map(({ id }) => id).sort()).toEqual([b, c].sort());
    expect(attached.map(({ attributes }) => attributes)).toEqual([{ k: 'v' }, { k: 'v' }]);
    const imported = await core.import(type, String(kept.state.id));
    expect(imported?.state.file_ids).toEqual(expect.arrayContaining([b]));
  });
});

describe('the directory resource', () => {
  const TYPE = 'openai_vector_store_directory';

  it('deletes uploads that failed to ingest, keeps the others and reports why', async () => {
    const { core, sandbox, store } = await setUp();
    const folder = newFolder();
    for (const name of ['a.md', 'b.md', 'c.md']) writeFileSync(join(folder, name), name);
    const wanted = { vector_store_id: await store(), path: folder };
    sandbox.faults.add({
      kind: 'set_field',
      method: 'GET',
      path: '/vector_stores/*/file_batches/*/files',
      field: 'status',
      value: 'failed',
      row: 0,
    });
    const applied = await core.apply(TYPE, wanted, null, await core.plan(TYPE, wanted, null));
    expect(applied.diagnostics).toMatchObject([{ severity: 'error', summary: 'A file failed to ingest' }]);
    expect(Object.keys(applied.state?.file_ids as object)).toHaveLength(2);
    expect(sandbox.state.snapshot().files).toHaveLength(2);
  });
  it('attaches new content before the old content is removed', async () => {
    const { core, made, sandbox, store } = await setUp();
    const folder = newFolder();
    writeFileSync(join(folder, 'a.md'), 'one');
    const wanted = { vector_store_id: await store(), path: folder };
    const kept = await made(TYPE, wanted);
    writeFileSync(join(folder, 'a.md'), 'two');
    sandbox.requests.clear();
    await core.converge(TYPE, wanted, kept);
    const log = sandbox.requests.entries.map(
      ({ method, path }) => `${method} ${path.replace(/(vs|file)[-_]\w+/g, '*')}`,
    );
    const attach = log.indexOf('POST /vector_stores/*/files');
    expect(attach).toBeGreaterThan(-1);
    expect(log.findIndex((line) => line.startsWith('DELETE'))).toBeGreaterThan(attach);
    expect(sandbox.state.snapshot().files).toHaveLength(1);
  });
});

describe('attributes of many files', () => {
  it.each(['openai_vector_store_file_batch', 'openai_vector_store_directory'])(
    'of %s are read from the server, also after an import, and restored',
    async (type) => {
      const { core, made, refreshed, sandbox, store } = await setUp();
      const folder = newFolder();
      for (const name of ['a.md', 'b.md']) writeFileSync(join(folder, name), name);
      const ids = ['c.md', 'd.md'].map((filename) => sandbox.state.createFile({ filename, content: 'x' }).id);
      const attributes = dynamicOf({ k: 'v' });
      const wanted = {
        vector_store_id: await store(),
        attributes,
        ...(type.endsWith('batch') ? { file_ids: ids } : { path: folder, path_attribute: 'path' }),
      };
      const kept = await made(type, wanted);
      const remoteAttributes = () =>
        [...sandbox.state.snapshot().attachments.values()].flat().map((row) => row.attributes);
      const [file] = [...sandbox.state.snapshot().attachments.values()].flat();
      await createSandboxFetch(sandbox)(
        `http://sandbox.local/v1/vector_stores/${wanted.vector_store_id}/files/${file?.id}`,
        {
          method: 'POST',
          headers: { authorization: 'Bearer sk-1', 'content-type': 'application/json' },
          body: JSON.stringify({ attributes: { k: 'changed by hand' } }),
        },
      );
      const drifted = await refreshed(type, kept);
      expect(drifted.state.attributes).toEqual(dynamicOf({ k: 'changed by hand' }));
      const back = await core.converge(type, wanted, drifted);
      expect(remoteAttributes()).toEqual([expect.objectContaining({ k: 'v' }), expect.objectContaining({ k: 'v' })]);
      const imported = await core.import(type, String(back?.state.id));
      expect((imported?.state.attributes as { value: object } | null)?.value).toMatchObject({ k: 'v' });
    },
  );
});

describe('a server without agents', () => {
  it('is reported as a server without agents', async () => {
    const { core, store } = await setUp();
    const type = 'openai_vector_store_agent_binding';
    const wanted = { agent_key: 'bot', vector_store_id: await store() };
    const applied = await core.apply(type, wanted, null, await core.plan(type, wanted, null));
    expect(applied.diagnostics).toMatchObject([{ summary: 'This server has no agents' }]);
  });
});
