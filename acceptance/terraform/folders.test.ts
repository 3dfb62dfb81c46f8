import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/espejo.ts';
import { TERRAFORM } from './terraform.ts';
import { useSandbox } from './use-terraform.ts';

const KEY = 'sk-acceptance-secret-79';

describe.skipIf(TERRAFORM === null)('folders, batches, data and functions with the real terraform', () => {
  const { sandbox, open } = useSandbox(KEY);

  it('manages a folder, plans changes by path and imports it', async () => {
    const workspace = open();
    const put = (path: string, text: string) => {
      const whole = join(workspace.folder, 'docs', path);
      mkdirSync(dirname(whole), { recursive: true });
      writeFileSync(whole, text);
    };
    put('same.md', 'Same.');
    put('changed.md', 'Before.');
    put('sub/gone.md', 'Goes.');
    put('drafts/no.md', 'Left out.');
    const text = (more = '') => `
      resource "openai_vector_store" "a" {
        name = "A"
      }
      resource "openai_vector_store_directory" "docs" {
        vector_store_id = openai_vector_store.a.id
        path            = "docs"
        include         = ["**/*.md"]
        exclude         = ["drafts/**"]
        path_attribute  = "path"
        ${more}
      }
    `;
    workspace.write(text());
    await workspace.applyAndSettle();
    const before = workspace.state('openai_vector_store_directory.docs')?.file_ids as Record<string, string>;
    expect(Object.keys(before)).toEqual(['changed.md', 'same.md', 'sub/gone.md']);

    put('changed.md', 'After.');
    put('new.md', 'New.');
    rmSync(join(workspace.folder, 'docs/sub'), { recursive: true });
    workspace.write(text('attributes = { lang = "en" }'));
    expect((await workspace.plan()).output).toContain(
      'Folder docs: 1 to add, 1 to change, 1 to remove\n+ new.md\n~ changed.md\n- sub/gone.md',
    );
    await workspace.applyAndSettle();
    const after = workspace.state('openai_vector_store_directory.docs')?.file_ids as Record<string, string>;
    expect(after).toMatchObject({ 'same.md': before['same.md'] });
    const { attachments, files } = sandbox().state.snapshot();
    expect(files).toHaveLength(3);
    expect([...attachments.values()].flat().map(({ attributes }) => attributes)).toEqual(
      expect.arrayContaining(['same.md', 'new.md', 'changed.md'].map((path) => ({ lang: 'en', path }))),
    );

    const storeId = String(workspace.state('openai_vector_store.a')?.id);
    await workspace.ok('state', 'rm', 'openai_vector_store_directory.docs');
    const writes = sandbox().requests.writes;
    await workspace.ok('import', 'openai_vector_store_directory.docs', `${storeId}/docs`);
    const planned = await workspace.plan();
    expect(planned.output).not.toMatch(/to add/);
    expect(sandbox().requests.writes).toEqual(writes);
  });

  it('runs every example of the reference, and the example of the guide from an empty folder', async () => {
    const folder = join(ROOT, 'docs/terraform');
    const examples = readdirSync(folder)
      .filter((name) => /^(resource|data|function)-/.test(name) && !name.includes('agent_binding'))
      .map((name) => ({
        name,
        text: /```terraform\n(.*?)```/s.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? '',
      }));
    expect(examples.length).toBeGreaterThan(12);
    // One configuration with a module per example, because a command for each would be too slow.
    const workspace = open();
    const blocks = examples.map(({ name, text }) => {
      const moduleName = name.replace(/\.md$/, '');
      const moduleFolder = join(workspace.folder, moduleName);
      mkdirSync(join(moduleFolder, 'guides'), { recursive: true });
      writeFileSync(join(moduleFolder, 'guides/start.md'), `Start of ${moduleName}.`);
      writeFileSync(join(moduleFolder, 'main.tf'), `${REQUIRED}${text}`);
      return `module "${moduleName}" {\n  source = "./${moduleName}"\n}`;
    });
    workspace.write(blocks.join('\n'));
    await workspace.ok('get');
    await workspace.applyAndSettle();
    await workspace.ok('destroy', '-auto-approve');
    expect(sandbox().state.snapshot()).toMatchObject({ stores: [], files: [] });

    for (const page of ['README.md', 'docs/terraform.md']) {
      const guide = open({ isToInit: true });
      const guideText = readFileSync(join(ROOT, page), 'utf8');
      writeFileSync(join(guide.folder, 'main.tf'), /```terraform\n(.*?)```/s.exec(guideText)?.[1] ?? '');
      await guide.ok('init');
      expect(await guide.applyAndSettle(), page).toContain('store_id');
    }
  });
});

const REQUIRED =
  'terraform {\n  required_providers {\n    openai = {\n      source = "espejo.local/espejo/openai"\n    }\n  }\n}\n';
