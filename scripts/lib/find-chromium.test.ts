import { describe, expect, it } from 'vitest';
import { chromiumArgs, ensureChromium, findChromium } from './find-chromium.mjs';

type Machine = Parameters<typeof ensureChromium>[0] & object;

/** A fake machine: `files` exist and run; an exec may add to them. */
function machine(
  files: string[],
  more: Partial<Machine> & { onExec?: (command: string, args: string[]) => string[] } = {},
) {
  const present = new Set(files);
  const calls: string[] = [];
  const { onExec = () => [], ...rest } = more;
  const built: Machine = {
    env: { PATH: '/usr/bin:/opt/bin' },
    platform: 'linux',
    isRoot: false,
    home: '/home/ana',
    isExecutable: (path) => present.has(path),
    list: (folder) =>
      [...present].flatMap((path) =>
        path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split('/')[0] ?? ''] : [],
      ),
    works: (path) => present.has(path),
    exec: (command, args) => {
      calls.push([command, ...args.map((arg) => arg.replace(/^.*node_modules/, 'node_modules'))].join(' '));
      const added = onExec(command, args);
      for (const path of added) present.add(path);
      return added.length > 0;
    },
    log: () => {},
    ...rest,
  };
  return { machine: built, calls };
}

const PLAYWRIGHT_BUILD = '/home/ana/.cache/ms-playwright/chromium-1255/chrome-linux64/chrome';

describe('findChromium', () => {
  it.each([
    ['on the PATH, in order of preference', ['/opt/bin/chromium', '/usr/bin/google-chrome'], {}, '/opt/bin/chromium'],
    [
      'among the applications of macOS',
      ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
      { platform: 'darwin' as const },
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    [
      "newest first in Playwright's cache",
      [
        PLAYWRIGHT_BUILD.replace('1255', '999'),
        PLAYWRIGHT_BUILD,
        PLAYWRIGHT_BUILD.replace('chromium-', 'chromium_headless_shell-'),
      ],
      {},
      PLAYWRIGHT_BUILD,
    ],
  ])('finds one %s', (_, files, more, expected) => {
    expect(findChromium(machine(files, more).machine)).toBe(expected);
  });

  it('skips a stub that does not run', () => {
    const { machine: ubuntu } = machine(['/usr/bin/chromium-browser', '/usr/bin/google-chrome'], {
      works: (path) => path !== '/usr/bin/chromium-browser',
    });
    expect(findChromium(ubuntu)).toBe('/usr/bin/google-chrome');
  });

  it('prefers CHROMIUM_PATH and reports it when it is wrong', () => {
    const env = { PATH: '/usr/bin', CHROMIUM_PATH: '/my/chrome' };
    expect(findChromium(machine(['/usr/bin/chromium', '/my/chrome'], { env }).machine)).toBe('/my/chrome');
    expect(() => findChromium(machine(['/usr/bin/chromium'], { env }).machine)).toThrow(
      'CHROMIUM_PATH is "/my/chrome"',
    );
  });
});

describe('ensureChromium', () => {
  it('uses an installed Chromium and runs nothing', () => {
    const { machine: ready, calls } = machine(['/usr/bin/chromium']);
    expect(ensureChromium(ready)).toBe('/usr/bin/chromium');
    expect(calls).toEqual([]);
  });

  it('downloads the one of Playwright when none is installed', () => {
    const { machine: bare, calls } = machine(['/usr/bin/apt-get'], { isRoot: true, onExec: () => [PLAYWRIGHT_BUILD] });
    expect(ensureChromium(bare)).toBe(PLAYWRIGHT_BUILD);
    expect(calls).toEqual([expect.stringMatching(/node_modules\/@playwright\/test\/cli\.js install chromium$/)]);
  });

  it('uses the package manager as root when the download fails', () => {
    const { machine: bare, calls } = machine(['/usr/bin/apt-get'], {
      isRoot: true,
      onExec: (command, args) => (command === 'apt-get' && args[0] === 'install' ? ['/usr/bin/chromium'] : []),
    });
    expect(ensureChromium(bare)).toBe('/usr/bin/chromium');
    expect(calls.slice(1)).toEqual([
      'apt-get update',
      'apt-get install -y --no-install-recommends chromium fonts-liberation',
    ]);
  });

  it.each([
    ['is not root', ['/usr/bin/apt-get'], false],
    ['has no known package manager', [], true],
  ])('fails with advice when no way works and it %s', (_, files, isRoot) => {
    const { machine: bare, calls } = machine(files, { isRoot });
    expect(() => ensureChromium(bare)).toThrow('CHROMIUM_PATH');
    expect(calls).toHaveLength(1);
  });
});

it('the sandbox of Chromium is disabled for root only', () => {
  expect([chromiumArgs(true).includes('--no-sandbox'), chromiumArgs(false).includes('--no-sandbox')]).toEqual([
    true,
    false,
  ]);
});
