import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { ROOT } from '../support/espejo.ts';

/** `npm run example:agent` with settings in the environment that point OpenAI to nowhere. */
function runExample(): Promise<{ code: number | null; output: string }> {
  const child = spawn('npm', ['run', '--silent', 'example:agent'], {
    cwd: ROOT,
    env: {
      ...process.env,
      OPENAI_API_KEY: 'sk-of-this-machine',
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
      ESPEJO_API_KEY: 'key-of-this-machine',
      EMBEDDINGS_BASE_URL: 'http://127.0.0.1:1/v1',
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

it('npm run example:agent answers from the documents, and declines to answer without them', async () => {
  const { code, output } = await runExample();
  const lines = output.trimEnd().split('\n');
  expect({ code, first: lines.slice(0, 3) }).toEqual({
    code: 0,
    first: ['store:  Handbook with 3 documents', 'mirror: Help center', 'tools:  search_handbook, file_search'],
  });
  expect(output).toContain('> How many days of paid leave do I have?');
  expect(output).toContain('Everybody has 30 days of paid leave a year.');
  expect(output).toContain('(from leave.md)');
  expect(lines.at(-1)).toMatch(
    /^agent_store_unavailable: Agent 'people-assistant' cannot be built: 'Handbook' \(vs_\w+\) is in the trash\.$/,
  );
});
