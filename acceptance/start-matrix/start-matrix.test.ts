import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, runCommand } from '../support/espejo.ts';
import type { Row } from './damage.ts';
import { CONTENT, giveAll, hashesOf, type Seeded, seed } from './data-folder.ts';
import { ROWS } from './rows.ts';
import { hasOwnMounts, hasUnprivileged, isRoot, type Start, type StartOptions, startOn } from './run-start.ts';

const TIMEOUT_MS = 1_800_000;
const DAY_MS = 86_400_000;
const UNPRIVILEGED_ID = 65_534;
/** Some cases need root on Linux and an unprivileged user; elsewhere they are skipped with a warning. */
const withMounts = hasOwnMounts ? it.concurrent : it.skip;
if (!hasOwnMounts)
  console.warn('SKIPPED: starts on a full and on a read-only disk. They need root and unshare on Linux.');
if (!hasUnprivileged)
  console.warn('SKIPPED: starts as a user that file modes apply to. No such user can run Node here.');

describe('a start with a damaged part of the data folder', { timeout: TIMEOUT_MS }, () => {
  const root = mkdtempSync(join(tmpdir(), 'espejo-matrix-'));
  const templates = { stopped: join(root, 'stopped'), killed: join(root, 'killed'), nothing: join(root, 'nothing') };
  const other = join(root, 'other');
  const started: Start[] = [];
  let seeded: Seeded;
  let serial = 0;

  /** A separate copy of a template. */
  const folderFrom = (template: string) => {
    serial += 1;
    const folder = join(root, `row-${serial}`, 'data');
    cpSync(template, folder, { recursive: true });
    return folder;
  };
  const start = async (options: StartOptions) => {
    const run = await startOn({
      ...options,
      env: { NODE_COMPILE_CACHE: join(root, options.isUnprivileged === true ? 'cache-2' : 'cache'), ...options.env },
    });
    started.push(run);
    return run;
  };
  const expectRefusal = (run: Start, message: RegExp) => {
    expect(run.url, run.log).toBeNull();
    expect(run.code).toBe(1);
    expect(run.log).toMatch(message);
    expect(run.log.trim().split('\n'), 'one sentence, and no stack').toHaveLength(1);
  };

  beforeAll(async () => {
    // The unprivileged user must be able to enter it.
    chmodSync(root, 0o755);
    mkdirSync(templates.nothing);
    const first = await start({ dataDir: templates.stopped });
    seeded = await seed(first);
    // The state after a kill: the files as they are while it runs.
    cpSync(templates.stopped, templates.killed, { recursive: true });
    const second = await start({ dataDir: other });
    await seed(second);
    await Promise.all([first.stop(), second.stop()]);
    // The reserve contains no data; copies are faster without it.
    for (const folder of [templates.stopped, templates.killed, other])
      rmSync(join(folder, 'deletion-reserve'), { force: true });
  }, TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all(started.filter(({ code }) => code === null).map((run) => run.stop()));
    rmSync(root, { recursive: true, force: true });
  });

  async function play(row: Row): Promise<void> {
    const folder = folderFrom(templates[row.from ?? 'stopped']);
    row.damage(folder, other);
    const before = hashesOf(folder);
    if (row.isUnprivileged === true && isRoot) {
      giveAll(join(folder, '..'), UNPRIVILEGED_ID);
      mkdirSync(join(root, 'cache-2'), { recursive: true, mode: 0o777 });
      giveAll(join(root, 'cache-2'), UNPRIVILEGED_ID);
    }
    const run = await start({
      dataDir: folder,
      isUnprivileged: row.isUnprivileged === true,
      ...(row.env !== undefined && { env: row.env }),
    });
    if (row.refusal !== undefined) {
      expectRefusal(run, row.refusal);
      expect(hashesOf(folder)).toEqual(before);
      return;
    }
    expect(run.url, run.log).not.toBeNull();
    if (row.isWithoutFile !== true) {
      const content = await run.request('GET', `/v1/files/${seeded.fileId}/content`);
      expect([content.status, await content.text()]).toEqual([200, CONTENT]);
    }
    expect(await run.stop()).toBe(0);
    const after = hashesOf(folder);
    for (const [name, hash] of before) {
      // A start may write to the database; that nothing in it is lost is checked above.
      if (name === 'espejo.db' || /\.db(-wal|-shm)?$/.test(name) || row.replaced?.test(name)) continue;
      expect(after.get(name), name).toBe(hash);
    }
    if (process.platform !== 'win32' && statSync(folder).isDirectory() && after.has('secret'))
      expect(statSync(join(folder, 'secret')).mode & 0o077).toBe(0);
  }

  it.concurrent.each(ROWS.filter((row) => row.isUnprivileged !== true || hasUnprivileged))(
    'with $part $state: $outcome',
    play,
  );

  it('has a row in docs/operations.md for each case', () => {
    const guide = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    const rows = /\| part +\| state[^\n]*\n\|[-| ]+\|\n((?:\|[^\n]*\n)+)/.exec(guide)?.[1] ?? '';
    const cells = rows.split('\n').map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, 4)
        .join(' | '),
    );
    expect(cells.filter((line) => line !== '')).toEqual(
      ROWS.map((row) => `${row.part} | ${row.state} | ${row.outcome}`),
    );
  });

  it.concurrent('on a port in use fails with an error that says so, also without npm', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const run = await start({ dataDir: folderFrom(templates.nothing), env: { API_PORT: port, LOG_LEVEL: 'silent' } });
    server.close();
    expectRefusal(run, new RegExp(`Port ${port} on 127.0.0.1 is taken.*API_PORT`));
  });

  it.concurrent('without the migrations of the program fails with an error and changes nothing', async () => {
    const folder = folderFrom(templates.stopped);
    const before = hashesOf(folder);
    const preload = join(ROOT, 'acceptance/start-matrix/lose-migrations.mjs');
    expectRefusal(
      await start({ dataDir: folder, env: { NODE_OPTIONS: `--import=${preload}` } }),
      /folder migrations .* missing.*Reinstall Espejo/,
    );
    expect(hashesOf(folder)).toEqual(before);
  });

  withMounts('on a full disk fails with an error and leaves no empty secret', async () => {
    const folder = join(root, 'full');
    mkdirSync(folder);
    const run = await start({
      dataDir: folder,
      inOwnMounts: `mount -t tmpfs -o size=128k none ${folder} && (cat /dev/zero > ${folder}/filler 2>/dev/null; ls ${folder} >&2; exec "$@")`,
    });
    expect([run.url, run.code]).toEqual([null, 1]);
    expect(run.log).toMatch(/The disk of .* is full\. Free /);
    expect(run.log).not.toMatch(/\n {4}at /);
  });

  withMounts('on a read-only mount fails with an error, also as root', async () => {
    const folder = folderFrom(templates.stopped);
    const run = await start({
      dataDir: folder,
      inOwnMounts: `mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder} && exec "$@"`,
    });
    expectRefusal(run, /cannot be written by this user.*mount it writable/);
  });

  it.concurrent('after `npm run confirm -- new-database` begins with an empty database', async () => {
    const folder = folderFrom(templates.stopped);
    rmSync(join(folder, 'espejo.db'));
    const before = [...hashesOf(folder).values()].sort();
    const confirmed = await runCommand('confirm', ['new-database'], { ESPEJO_DATA_DIR: folder });
    expect(confirmed).toMatchObject({ code: 0, log: expect.stringMatching(/is in .*set-aside-/) });
    expect([...hashesOf(folder).values()].sort()).toEqual(before);
    const run = await start({ dataDir: folder });
    expect((await run.request('GET', `/v1/files/${seeded.fileId}`)).status).toBe(404);
    expect(await run.stop()).toBe(0);
  });

  it.concurrent.each([
    ['missing-stores', 'stores'],
    ['missing-blobs', 'blobs'],
  ])('after `npm run confirm -- %s` continues without %s', async (what, part) => {
    const folder = folderFrom(templates.stopped);
    rmSync(join(folder, part), { recursive: true });
    expect(await runCommand('confirm', [what], { ESPEJO_DATA_DIR: folder })).toMatchObject({ code: 0 });
    const run = await start({ dataDir: folder });
    expect(run.url, run.log).not.toBeNull();
    const path = `/v1/vector_stores/${seeded.storeId}/search`;
    const find = async () =>
      ((await (await run.request('POST', path, { query: 'ships' })).json()) as { data?: unknown[] }).data?.length;
    while ((await find()) !== 1) await delay(50);
    expect(await run.stop()).toBe(0);
  });

  it.concurrent('after `npm run confirm -- folder` accepts the blobs of another installation', async () => {
    const folder = folderFrom(templates.stopped);
    cpSync(join(other, 'blobs', 'installation.json'), join(folder, 'blobs', 'installation.json'));
    expect(await runCommand('confirm', ['folder'], { ESPEJO_DATA_DIR: folder })).toMatchObject({ code: 0 });
    const run = await start({ dataDir: folder });
    expect(run.url, run.log).not.toBeNull();
    expect(await run.stop()).toBe(0);
  });

  it.concurrent('with a clock 400 days ahead deletes nothing, says so, and continues after a confirmation', async () => {
    const folder = folderFrom(templates.stopped);
    const preload = pathToFileURL(join(ROOT, 'acceptance/start-matrix/shift-clock.mjs')).href;
    const ahead = { NODE_OPTIONS: `--import=${preload}?ms=${400 * DAY_MS}` };
    const purges = () => {
      const database = new DatabaseSync(join(folder, 'espejo.db'), { readOnly: true });
      const count = database.prepare(`select count(*) as n from deletion where "trigger" = 'trash'`).get()?.n;
      const trashed = database.prepare(`select count(*) as n from vector_store where status = 'trashed'`).get()?.n;
      database.close();
      return { count, trashed };
    };
    const run = await start({ dataDir: folder, env: ahead });
    const readiness = (await (await run.request('GET', '/readyz')).json()) as { degraded: Record<string, string> };
    expect(readiness.degraded.clock).toMatch(/400 days ahead.*npm run confirm -- clock/);
    const status = (await (await run.request('GET', '/api/status')).json()) as { heldBack: string[] };
    expect(status.heldBack).toEqual([readiness.degraded.clock]);
    // A stop waits for the expiry pass that every start begins with.
    expect(await run.stop()).toBe(0);
    expect(purges()).toEqual({ count: 0, trashed: 1 });

    expect(await runCommand('confirm', ['clock'], { ESPEJO_DATA_DIR: folder, ...ahead })).toMatchObject({ code: 0 });
    const again = await start({ dataDir: folder, env: ahead });
    expect(await again.stop()).toBe(0);
    expect(purges().count).toBe(1);
  });
});
