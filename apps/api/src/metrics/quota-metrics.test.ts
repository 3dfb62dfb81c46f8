import type { LimitUsage } from '@espejo/contracts';
import { LIMIT_NAMES, type LimitName } from '@espejo/core';
import { expect, it } from 'vitest';
import { createQuotaMetrics } from './quota-metrics.ts';

const NONE = Object.fromEntries(LIMIT_NAMES.map((name) => [name, 0])) as Record<LimitName, number>;
const row = (name: LimitName, used: number | null, max: number | null): LimitUsage => ({
  name,
  unit: 'stores',
  used,
  max,
  setBy: null,
  resetsAt: null,
});

it('quota metrics report the use, the tenant nearest to its limit, and rejections, labelled by limit only', async () => {
  let levels = {
    usage: [
      [row('storesMax', 3, 4), row('totalBytesMax', 10, null), row('fileBytesMax', null, 9)],
      [row('storesMax', 8, 80), row('totalBytesMax', 5, null), row('fileBytesMax', null, null)],
    ],
    refusals: { ...NONE, storesMax: 2 },
  };
  const metrics = createQuotaMetrics(async () => levels);
  const lines = async () => (await metrics.scrape()).split('\n').filter((line) => !line.startsWith('#') && line !== '');
  const refusals = (stores: number) =>
    LIMIT_NAMES.map((name) => `espejo_quota_refusals_total{limit="${name}"} ${name === 'storesMax' ? stores : 0}`);
  expect(await lines()).toEqual([
    'espejo_usage{limit="storesMax"} 11',
    'espejo_usage{limit="totalBytesMax"} 15',
    'espejo_quota_used_ratio{limit="storesMax"} 0.75',
    ...refusals(2),
  ]);
  levels = { usage: [[row('storesMax', 0, 0)]], refusals: { ...NONE, storesMax: 5 } };
  expect(await lines()).toEqual([
    'espejo_usage{limit="storesMax"} 0',
    'espejo_quota_used_ratio{limit="storesMax"} 1',
    ...refusals(5),
  ]);
});
