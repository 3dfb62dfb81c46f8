import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TERRAFORM } from './terraform.ts';
import { useSandbox } from './use-terraform.ts';

const KEY = 'sk-acceptance-secret-77';

describe.skipIf(TERRAFORM === null)('vector stores and files with the real terraform', () => {
  const { sandbox, open } = useSandbox(KEY);
  const snapshot = () => sandbox().state.snapshot();

  it('creates, updates, replaces and deletes, each time with an empty plan afterwards, and never prints the key', async () => {
    const workspace = open({ isToInit: true, env: { TF_LOG: 'trace' } });
    workspace.write(`
      resource "openai_vector_store" "handbook" {
        name          = "Handbook"
        metadata      = { team = "people", floor = "3" }
        expires_after = { days = 7 }
      }
      resource "openai_file" "leave" {
        content  = "Thirty days."
        filename = "leave.md"
      }
      resource "openai_vector_store_file" "leave" {
        vector_store_id = openai_vector_store.handbook.id
        file_id         = openai_file.leave.id
        attributes      = { lang = "en", year = 2026, share = 0.1, draft = false }
      }
      resource "openai_vector_store_file" "own" {
        vector_store_id   = openai_vector_store.handbook.id
        content           = "Written here."
        filename          = "own.md"
        chunking_strategy = { max_chunk_size_tokens = 200, chunk_overlap_tokens = 50 }
      }
    `);
    const logs = [(await workspace.run('init', '-no-color')).output, await workspace.applyAndSettle()];
    const [store] = snapshot().stores;
    expect(store).toMatchObject({
      name: 'Handbook',
      metadata: { team: 'people', floor: '3' },
      expires_after: { anchor: 'last_active_at', days: 7 },
      file_counts: { completed: 2, total: 2 },
    });
    const leave = workspace.state('openai_vector_store_file.leave');
    expect(leave).toMatchObject({ status: 'completed', last_error: null });

    workspace.write(`
      resource "openai_vector_store" "handbook" {
        name = "Handbook 2"
      }
      resource "openai_file" "leave" {
        content  = "Thirty-one days."
        filename = "leave.md"
        lifecycle {
          create_before_destroy = true
        }
      }
      resource "openai_vector_store_file" "leave" {
        vector_store_id = openai_vector_store.handbook.id
        file_id         = openai_file.leave.id
        attributes      = { lang = "de" }
        lifecycle {
          create_before_destroy = true
        }
      }
      resource "openai_vector_store_file" "own" {
        vector_store_id   = openai_vector_store.handbook.id
        content           = "Written here."
        filename          = "own.md"
        chunking_strategy = { max_chunk_size_tokens = 200, chunk_overlap_tokens = 50 }
        attributes        = { lang = "en" }
      }
    `);
    logs.push(await workspace.applyAndSettle());
    expect(snapshot().stores[0]).toMatchObject({
      id: store?.id,
      name: 'Handbook 2',
      metadata: {},
      expires_after: null,
      file_counts: { completed: 2, total: 2 },
    });
    expect(workspace.state('openai_vector_store_file.leave')?.id).not.toBe(leave?.id);

    const saved = await workspace.run('plan', '-destroy', '-out', 'saved.plan', '-no-color');
    const kept = [workspace.stateText, readFileSync(join(workspace.folder, 'saved.plan'), 'latin1')];
    logs.push(saved.output, await workspace.ok('apply', '-no-color', 'saved.plan'));
    expect(snapshot()).toMatchObject({ stores: [], files: [] });
    expect([...kept, ...logs].filter((text) => text.includes(KEY))).toEqual([]);
    // Every provider process has removed its socket and its journal.
    expect(readdirSync(join(workspace.folder, '.terraform'))).toEqual(['providers']);
  });

  it('reports changes made at the server and creates again what is gone', async () => {
    const workspace = open();
    workspace.write(`
      resource "openai_vector_store" "a" {
        name     = "A"
        file_ids = [openai_file.a.id]
      }
      resource "openai_vector_store" "b" {
        name = "B"
      }
      resource "openai_file" "a" {
        content  = "a"
        filename = "a.md"
      }
    `);
    await workspace.applyAndSettle();
    const [a, b] = [workspace.state('openai_vector_store.a'), workspace.state('openai_vector_store.b')];
    const request = (method: string, path: string, body?: unknown) =>
      fetch(`${sandbox().url}${path}`, {
        method,
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    await request('POST', `/vector_stores/${a?.id}`, { name: 'Changed', metadata: { by: 'hand' } });
    await request('DELETE', `/vector_stores/${a?.id}/files/${workspace.state('openai_file.a')?.id}`);
    await request('DELETE', `/vector_stores/${b?.id}`);
    expect((await workspace.plan()).actions).toEqual({
      'openai_vector_store.a': 'update',
      'openai_vector_store.b': 'create',
    });
    await workspace.applyAndSettle();
    expect(
      snapshot()
        .stores.map(({ name, file_counts }) => [name, (file_counts as { total: number }).total])
        .sort(),
    ).toEqual([
      ['A', 1],
      ['B', 0],
    ]);
  });

  it('imports by id with generated configuration and changes nothing', async () => {
    const file = sandbox().state.createFile({ filename: 'there.md', content: 'There already.' });
    const store = sandbox().state.createStore({ name: 'There', fileIds: [file.id], expiresAfterDays: 9 });
    const workspace = open();
    workspace.write(`
      import {
        to = openai_vector_store.there
        id = "${store.id}"
      }
      import {
        to = openai_vector_store_file.there
        id = "${store.id}:${file.id}"
      }
      import {
        to = openai_file.there
        id = "${file.id}"
      }
    `);
    await workspace.ok('plan', '-generate-config-out=generated.tf', '-no-color');
    const before = sandbox().requests.writes;
    const applied = await workspace.applyAndSettle();
    expect(applied).toContain('3 imported, 0 added, 0 changed, 0 destroyed');
    expect(sandbox().requests.writes).toEqual(before);
    // An imported file with its source is kept, because it has the same name and size.
    mkdirSync(join(workspace.folder, 'docs'));
    writeFileSync(join(workspace.folder, 'docs/there.md'), 'There already.');
    const generated = readFileSync(join(workspace.folder, 'generated.tf'), 'utf8');
    writeFileSync(
      join(workspace.folder, 'generated.tf'),
      generated.replace(/(resource "openai_file"[^}]*?source\s*=) null/, '$1 "docs/there.md"'),
    );
    await workspace.applyAndSettle();
    expect(sandbox().requests.writes).toEqual(before);
  });

  it('fails at plan to delete or replace a protected store', async () => {
    const workspace = open();
    const write = (days: number, protection: boolean) =>
      workspace.write(`
        resource "openai_vector_store" "a" {
          name                = "A"
          description         = "${days}"
          deletion_protection = ${protection}
        }
      `);
    write(1, true);
    await workspace.applyAndSettle();
    expect((await workspace.run('plan', '-destroy', '-no-color')).text).toContain('The vector store is protected');
    write(2, true);
    expect((await workspace.plan()).output).toContain('has deletion_protection = true');
    write(1, false);
    await workspace.applyAndSettle();
    await workspace.ok('destroy', '-auto-approve');
    expect(snapshot().stores).toEqual([]);
  });

  it('deletes files that no other store references, and shows their number in the plan', async () => {
    const files = ['a', 'b', 'c'].map(
      (name) => sandbox().state.createFile({ filename: `${name}.md`, content: name }).id,
    );
    sandbox().state.createStore({ name: 'Other', fileIds: files.slice(0, 1) });
    const workspace = open();
    workspace.write(`
      resource "openai_vector_store" "a" {
        name       = "A"
        file_ids   = ${JSON.stringify(files)}
        on_destroy = "cascade"
      }
    `);
    await workspace.applyAndSettle();
    const planned = await workspace.run('plan', '-destroy', '-no-color');
    expect(planned.text).toContain(
      '2 files that no other store contains will be deleted with it; 1 file will be detached and',
    );
    await workspace.ok('destroy', '-auto-approve');
    expect(snapshot().files.map(({ id }) => id)).toEqual(files.slice(0, 1));
    expect(snapshot().stores.map(({ name }) => name)).toEqual(['Other']);
  });

  it('reports why a file failed to ingest, keeps what was created and leaves no orphan', async () => {
    const workspace = open();
    workspace.write(`
      resource "openai_vector_store" "a" {
        name = "A"
      }
      resource "openai_vector_store_file" "empty" {
        vector_store_id = openai_vector_store.a.id
        content         = "x"
        filename        = "x.md"
      }
    `);
    sandbox().faults.add({
      kind: 'set_field',
      method: 'GET',
      path: '/vector_stores/*/files/*',
      field: 'status',
      value: 'failed',
    });
    sandbox().faults.add({
      kind: 'set_field',
      method: 'GET',
      path: '/vector_stores/*/files/*',
      field: 'last_error',
      value: { code: 'unsupported_file', message: 'The file type is not supported.' },
    });
    const failed = await workspace.run('apply', '-auto-approve', '-no-color');
    expect(failed.code).toBe(1);
    expect(failed.text).toContain('unsupported_file: The file type is not supported.');
    sandbox().faults.clear();
    await workspace.applyAndSettle();
    expect(snapshot()).toMatchObject({ stores: [{ file_counts: { total: 1 } }], files: [{}] });
    await workspace.ok('destroy', '-auto-approve');
    expect(snapshot()).toMatchObject({ stores: [], files: [] });
  });

  it('takes over the state of another provider and changes nothing', async () => {
    const file = sandbox().state.createFile({ filename: 'there.md', content: 'There already.' });
    const store = sandbox().state.createStore({ name: 'There', fileIds: [file.id], expiresAfterDays: 9 });
    const workspace = open();
    const resource = (type: string, attributes: object) => ({
      mode: 'managed',
      type,
      name: 'there',
      provider: 'provider["registry.terraform.io/mkdev-me/openai"]',
      instances: [{ schema_version: 0, attributes, sensitive_attributes: [] }],
    });
    const state = {
      version: 4,
      terraform_version: '1.11.4',
      serial: 1,
      lineage: 'a8962e4f-9389-9f69-fe4e-7cc9591a2fd5',
      outputs: {},
      resources: [
        resource('openai_file', { id: file.id, file: 'there.md', filename: 'there.md', bytes: 14, object: 'file' }),
        resource('openai_vector_store', {
          id: store.id,
          name: 'There',
          file_ids: [file.id],
          expires_after: { anchor: 'last_active_at', days: 9 },
          object: 'vector_store',
        }),
        resource('openai_vector_store_file', { id: file.id, file_id: file.id, vector_store_id: store.id }),
      ],
    };
    writeFileSync(join(workspace.folder, 'terraform.tfstate'), JSON.stringify(state));
    writeFileSync(join(workspace.folder, 'there.md'), 'There already.');
    workspace.write(`
      resource "openai_file" "there" {
        source = "there.md"
      }
      resource "openai_vector_store" "there" {
        name          = "There"
        file_ids      = [openai_file.there.id]
        expires_after = { days = 9 }
      }
      resource "openai_vector_store_file" "there" {
        vector_store_id = openai_vector_store.there.id
        file_id         = openai_file.there.id
      }
    `);
    await workspace.ok('state', 'replace-provider', '-auto-approve', 'mkdev-me/openai', 'espejo.local/espejo/openai');
    const before = sandbox().requests.writes;
    const { actions } = await workspace.plan();
    // Only the hash of the file's content is stored.
    expect(actions).toEqual({ 'openai_file.there': 'update' });
    await workspace.applyAndSettle();
    expect(sandbox().requests.writes).toEqual(before);
  });

  it('explains how to correct a wrong key without printing it', async () => {
    const workspace = open({ key: 'sk-wrong-key-12345' });
    workspace.write('resource "openai_vector_store" "a" {\n  name = "A"\n}');
    const { code, output } = await workspace.run('apply', '-auto-approve', '-no-color');
    expect(code).toBe(1);
    expect(output).toContain('The server rejects the API key');
    expect(output).not.toContain('sk-wrong-key-12345');
  });
});
