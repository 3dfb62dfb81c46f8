import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONSOLE_ROUTES } from '../packages/contracts/src/index.ts';
import { ERROR_TABLE } from '../packages/core/src/index.ts';
import { ROOT } from './lib/paths.mjs';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...['apps', 'packages'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}/README.md`),
  ),
  ...['docs', 'docs/adr'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];
/** Quoted words with one of these first segments are paths of this repository. */
const PATH_ROOTS = /^(apps|packages|scripts|docs|migrations|e2e|acceptance|bench|\.ci)\//;

const withoutFences = (text: string) => text.replace(/^```.*?^```/gms, '');
const quoted = (text: string) => [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
const rows = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('links only to pages and headings that exist', () => {
    const links = [...withoutFences(text).matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]*))?\)/g)];
    const broken = links.filter(([, path = '', heading]) => {
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(ROOT, target))) return true;
      return heading !== undefined && !headings(read(target)).includes(heading);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names only files and folders that exist', () => {
    const paths = quoted(text).filter((word) => PATH_ROOTS.test(word) && !/[\s*{}<>…]/.test(word));
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm (?:run )?(start:api|start|test|(?<=run )[\w:-]+)/g)].map(
      (match) => match[1] ?? '',
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

it('docs/errors.md lists every error code with its status and whether to retry', () => {
  const listed = rows(read('docs/errors.md'))
    .filter((cells) => cells.length === 5)
    .map(([code, status, again]) => [code?.replaceAll('`', ''), Number(status), again === 'yes']);
  const table = Object.entries(ERROR_TABLE).map(([code, { status, isRetryable }]) => [code, status, isRetryable]);
  expect(listed).toEqual(table);
});

it('README.md lists every variable that is read, and no other', () => {
  const listed = rows(read('README.md'))
    .map(([name]) => name?.replaceAll('`', '') ?? '')
    .filter((name) => /^[A-Z][A-Z_]+$/.test(name));
  const inApi = [...read('apps/api/src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map((match) => match[1] ?? '');
  // Of OpenTelemetry's variables only the one that enables it.
  const wanted = [...inApi.filter((name) => name !== 'ESPEJO_CONSOLE_TOKEN'), 'OTEL_EXPORTER_OTLP_ENDPOINT'];
  expect(listed.sort()).toEqual(wanted.sort());
});

it('docs/operations.md lists every variable of OpenTelemetry that is read', () => {
  const names = [...read('apps/api/src/telemetry/tracing-settings.ts').matchAll(/^ {2}(OTEL_\w+):/gm)].map(
    ([, name]) => name,
  );
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) expect(read('docs/operations.md')).toContain(`\`${name}\``);
});

it('docs/api.md names only requests of the contract', () => {
  const calls = Object.values(CONSOLE_ROUTES).map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  // Streams are not calls of the typed client.
  const known = [
    ...calls,
    'GET /api/sync-runs/{id}/events',
    'GET /api/deletions/{id}/events',
    'GET /api/audit-events/export',
  ];
  const named = quoted(read('docs/api.md')).filter((word) => /^(GET|POST|PUT|PATCH|DELETE) \/api\//.test(word));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((request) => !known.includes(request))).toEqual([]);
});

it('docs/development.md shows only lines that exist in the files it names', () => {
  const diffs = [...read('docs/development.md').matchAll(/^```diff\n\+\+\+ (.*)\n([^`]*(?:`[^`]+`[^`]*)*?)^```/gm)];
  expect(diffs.length).toBeGreaterThan(8);
  for (const [, path = '', diff = ''] of diffs) {
    const lines = read(path).split('\n');
    const shown = diff.trimEnd().split('\n');
    expect(shown.filter((line) => !line.startsWith('+') || !lines.includes(line.slice(1)))).toEqual([]);
  }
});

/** The anchors of a page, as code hosts generate them. */
function headings(text: string): string[] {
  return [...withoutFences(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}
