import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { syncOk } from '../support/sync.ts';
import { TERRAFORM } from './terraform.ts';
import { useProvider } from './use-terraform.ts';

describe.skipIf(TERRAFORM === null)('terraform against Espejo', () => {
  let sandbox: RunningSandbox;
  let espejo: Espejo;
  let mirrored: string;
  const openAt = useProvider();
  const open = () => openAt({ url: `${espejo.url}/v1`, key: API_KEY });

  beforeAll(async () => {
    sandbox = await startSandbox({ keys: { 'sk-live': 'proj_a' } });
    mirrored = sandbox.state.createStore({ name: 'Mirrored' }).id;
    espejo = await startEspejo({
      env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-live', ESPEJO_SYNC_ENABLED: 'false' },
    });
    await syncOk(espejo);
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    await sandbox.close();
  });

  it('keeps an expiry counted from now, updates a description in place, binds agents and deletes through a deletion', async () => {
    const workspace = open();
    const write = (description: string, rest = '') =>
      workspace.write(`
        resource "openai_vector_store" "help" {
          name          = "Help"
          description   = "${description}"
          expires_after = { anchor = "now", days = 30 }
          on_destroy    = "cascade"
        }
        resource "openai_vector_store_file" "leave" {
          vector_store_id = openai_vector_store.help.id
          content         = "Thirty days of leave."
          filename        = "leave.md"
          attributes      = { lang = "en" }
        }
        ${rest}
      `);
    write(
      'First',
      `
        resource "openai_vector_store_agent_binding" "bot" {
          agent_key       = "support-bot"
          vector_store_id = openai_vector_store.help.id
          filters         = jsonencode({ value = "en", type = "eq", key = "lang" })
          score_threshold = 0.3
        }
        resource "openai_vector_store_agent_binding" "mirror" {
          agent_key       = "support-bot"
          vector_store_id = "${mirrored}"
          mode            = "default"
        }
        data "openai_vector_stores" "mirrors" {
          source = "cache"
        }
        output "mirrors" {
          value = data.openai_vector_stores.mirrors.ids
        }
    `,
    );
    await workspace.applyAndSettle();
    expect(JSON.parse(await workspace.ok('output', '-json')).mirrors.value).toEqual([mirrored]);
    const before = workspace.state('openai_vector_store.help');
    expect(before).toMatchObject({ source: 'primary', expires_after: { anchor: 'now', days: 30 } });
    const agent = await espejo.call('getAgent', { params: { key: 'support-bot' } });
    expect(agent.bindings.map(({ vectorStoreId }) => vectorStoreId).sort()).toEqual(
      [mirrored, String(before?.id)].sort(),
    );
    const store = await espejo.call('getVectorStore', { params: { id: String(before?.id) } });
    expect(store.expiryPolicy).toEqual({ kind: 'at', instantS: before?.expires_at });

    write('Second');
    await workspace.applyAndSettle();
    expect(workspace.state('openai_vector_store.help')).toMatchObject({ id: before?.id, description: 'Second' });
    expect((await espejo.request('GET', '/api/agents/support-bot')).status).toBe(404);

    const planned = await workspace.run('plan', '-destroy', '-no-color');
    expect(planned.text).toContain(`Deletion of Help (${before?.id})`);
    expect(planned.text).toContain('1 primary store moves to the trash and can be restored until purged.');
    await workspace.ok('destroy', '-auto-approve');
    expect((await espejo.request('GET', `/v1/vector_stores/${before?.id}`)).status).toBe(404);
    expect((await espejo.call('listDeletions', { query: {} })).data[0]).toMatchObject({ status: 'succeeded' });
  });

  it('fails at plan for a mirror and says where it can be managed', async () => {
    const workspace = open();
    workspace.write(`
      import {
        to = openai_vector_store.mirrored
        id = "${mirrored}"
      }
      resource "openai_vector_store" "mirrored" {
        name = "Mirrored"
      }
    `);
    const imported = await workspace.plan();
    expect(imported.code).toBe(1);
    expect(imported.output).toContain('A mirror cannot be managed here');
    expect(imported.output).toContain('base_url is https://api.openai.com/v1');
    workspace.write(`
      resource "openai_vector_store_file" "a" {
        vector_store_id = "${mirrored}"
        content         = "x"
        filename        = "x.md"
      }
    `);
    expect((await workspace.plan()).output).toContain('A mirror cannot be managed here');
    expect(sandbox.state.snapshot().stores).toMatchObject([{ id: mirrored, name: 'Mirrored' }]);
  });
});
