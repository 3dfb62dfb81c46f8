import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './lib/paths.mjs';
import { runTool } from './lib/run-tool.mjs';

const start = (script: string, env: Record<string, string | undefined>) =>
  runTool([join(ROOT, 'scripts', script)], { env });

describe('a start that cannot work fails before it starts anything', () => {
  it.each(['PORT', 'API_PORT'])('fails when %s is taken', async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'espejo-start-'));
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const port = String((holder.address() as AddressInfo).port);
    const other = name === 'PORT' ? { API_PORT: '1' } : { PORT: '65531' };
    const { code, output } = await start('start.mjs', {
      ...other,
      [name]: port,
      ESPEJO_DATA_DIR: join(folder, 'data'),
      ESPEJO_PUBLIC_HOST: undefined,
    });
    holder.close();
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`Port ${port}, wanted for the (console|API), is taken.*${name}=\\d+`));
    expect(existsSync(join(folder, 'data'))).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT is "abc"'],
    [{ PORT: '4000', API_PORT: '4000' }, 'they must differ'],
    [{ ESPEJO_PUBLIC_HOST: 'espejo.example', ESPEJO_API_KEY: '' }, 'Set ESPEJO_API_KEY too'],
    [{ ESPEJO_PUBLIC_HOST: '', ESPEJO_TRUSTED_PROXIES: '1', ESPEJO_API_KEY: '' }, 'Set ESPEJO_API_KEY too'],
  ])('fails for %j', async (env, words) => {
    const { code, output } = await start('start.mjs', env);
    expect(code).toBe(1);
    expect(output).toContain(words);
  });
});
