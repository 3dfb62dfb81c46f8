import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createTimings } from '../telemetry/timings.ts';
import { connectionLevels, levelsOf } from '../testing/levels.ts';
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

/** Names of series in an expression: what is followed by no bracket of a function. */
function namesIn(expression: string): string[] {
  const names = expression.match(/\b(?:espejo|process|nodejs)_\w+/g) ?? [];
  return names.map((name) => name.replace(/_(bucket|count|sum)$/, ''));
}

describe('the alert rules and the dashboard', () => {
  it('name metrics that there are, with labels that they have', async () => {
    const timings = createTimings();
    timings.observeWork('index_search', true, 1);
    timings.observeUpstream({ tenantId: 'acme', id: 'conn_1' }, 429, 1);
    const metrics = createMetrics(async () => levelsOf([connectionLevels()]), timings);
    metrics.observeRequest({ protocol: 'console', operation: 'x', method: 'GET', status: 200, durationMs: 1 });
    const { text } = await metrics.scrape();
    const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]));
    const named = new Set(expressions.flatMap(namesIn));
    expect(named.size).toBeGreaterThan(10);
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
    for (const [, label] of expressions.join(' ').matchAll(/(\w+)="/g)) {
      if (label !== 'job') expect(text, label).toContain(`${label}="`);
    }
  });

  it('have a name each, and the runbook explains every alert', () => {
    const names = rules.map((rule) => rule.alert);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(dashboard.panels.map((panel) => panel.id)).size).toBe(dashboard.panels.length);
    const runbook = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
    for (const name of names) expect(runbook).toContain(`| \`${name}\``);
  });
});
