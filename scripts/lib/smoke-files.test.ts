import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './paths.mjs';
import { SMOKE_ENV, SMOKE_FILES } from './smoke-files.mjs';

it('the list of smoke tests names only existing paths, because a runner ignores a name that matches nothing', () => {
  expect(
    Object.values(SMOKE_FILES)
      .flat()
      .filter((path) => !existsSync(join(ROOT, path))),
  ).toEqual([]);
});

it.each(Object.keys(SMOKE_ENV))('a file of the list covers %s', (name) => {
  const files = SMOKE_FILES.acceptance.map((path) => readFileSync(join(ROOT, path), 'utf8'));
  expect(files.some((text) => text.includes(name))).toBe(true);
});
