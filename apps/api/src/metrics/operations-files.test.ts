import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { DEGRADED_REASONS, PARTS } from '../telemetry/readiness.ts';
import { JOB_NAMES, SPAN_NAMES } from '../telemetry/spans.ts';
import { createTimings, WORK_KINDS } from '../telemetry/timings.ts';
import { connectionLevels, metricsSnapshotOf } from '../testing/levels.ts';
import { createMetrics } from './metrics.ts';

const read = (name: string) => readFileSync(new URL(`../../../../docs/operations/${name}`, import.meta.url), 'utf8');

const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Espejo[A-Z]\w+$/),
          expr: z.string(),
          for: z.string().regex(/^\d+[mh]$/),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
          annotations: z.strictObject({ summary: z.string() }),
        }),
      ),
    }),
  ),
});
const Dashboard = z.looseObject({
  title: z.string(),
  schemaVersion: z.int(),
  panels: z.array(z.looseObject({ id: z.int(), targets: z.array(z.looseObject({ expr: z.string() })) })),
});

const rules = Rules.parse(parse(read('alerts.yml'))).groups.flatMap((group) => group.rules);
const dashboard = Dashboard.parse(JSON.parse(read('dashboard.json')));
const expressions = [
  ...rules.map((rule) => rule.expr),
  ...dashboard.panels.flatMap((panel) => panel.targets.map((target) => target.expr)),
];

/** Names of series in an expression: an identifier that is not followed by a bracket. */
function namesIn(expression: string): string[] {
  const names = expression.match(/\b(?:espejo|process|nodejs)_\w+/g) ?? [];
  return names.map((name) => name.replace(/_(bucket|count|sum)$/, ''));
}

const runbook = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');

/** Every metric of this process, with a value for each label. */
async function scrape(): Promise<string> {
  const timings = createTimings();
  for (const kind of WORK_KINDS) timings.observeWork(kind, false, 1);
  timings.observeUpstream({ tenantId: 'acme', id: 'conn_1' }, 429, 1);
  const metrics = createMetrics(async () => metricsSnapshotOf([connectionLevels()]), timings);
  metrics.observeRequest({ protocol: 'console', operation: 'x', method: 'GET', status: 500, durationMs: 1 });
  return (await metrics.scrape()).text;
}

const namesOf = (text: string) => new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? ''));

describe('the alert rules and the dashboard', () => {
  it('use existing metrics, with labels and values that they have', async () => {
    const text = await scrape();
    const known = namesOf(text);
    const named = new Set(expressions.flatMap(namesIn));
    expect(named.size).toBeGreaterThan(20);
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
    for (const expression of expressions) {
      for (const [, name = '', selector = ''] of expression.matchAll(/\b(espejo_\w+)\{([^}]*)\}/g)) {
        const series = text.split('\n').filter((line) => line.startsWith(`${name}{`));
        expect(
          series.some((line) => line.includes(selector)),
          `${name}{${selector}}`,
        ).toBe(true);
      }
      for (const [, labels = ''] of expression.matchAll(/\bby \(([^)]*)\)/g)) {
        for (const label of labels.split(',').map((one) => one.trim())) {
          const lines = namesIn(expression).flatMap((name) => text.split('\n').filter((line) => line.startsWith(name)));
          expect(
            lines.some((line) => line.includes(`${label}="`)),
            `${label} in ${expression}`,
          ).toBe(true);
        }
      }
    }
  });

  it('use every metric of Espejo, and the runbook has each of them and no other', async () => {
    const ours = [...namesOf(await scrape())].filter((name) => name.startsWith('espejo_')).sort();
    const shown = new Set(expressions.flatMap(namesIn));
    expect(ours.filter((name) => !shown.has(name))).toEqual([]);
    const table = runbook.split('\n').filter((line) => line.startsWith('| `espejo_'));
    const told = table.flatMap((line) =>
      [...(line.split('|')[1] ?? '').matchAll(/`(espejo_\w+)`/g)].map(([, name]) => name),
    );
    expect(told.sort()).toEqual(ours);
    for (const kind of WORK_KINDS) expect(runbook).toContain(`\`${kind}\``);
  });

  it('have unique names, and the runbook says what every alert means and what to do', () => {
    const names = rules.map((rule) => rule.alert);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(dashboard.panels.map((panel) => panel.id)).size).toBe(dashboard.panels.length);
    const rows = runbook.split('\n').filter((line) => line.startsWith('| `Espejo'));
    expect(rows.map((row) => row.split('|')[1]?.replaceAll(/[` ]/g, '')).sort()).toEqual([...names].sort());
    for (const row of rows)
      expect(
        row
          .split('|')
          .slice(2, 4)
          .every((cell) => cell.trim().length > 10),
        row,
      ).toBe(true);
  });
});

describe('the runbook', () => {
  it.each([...PARTS, ...DEGRADED_REASONS])('explains %s in the answer of /readyz', (part) => {
    expect(runbook).toMatch(new RegExp(`^\\| \`${part}\``, 'm'));
  });

  it.each([...SPAN_NAMES, ...JOB_NAMES])('has the span %s', (name) => {
    expect(runbook).toContain(`\`${name}\``);
  });
});
