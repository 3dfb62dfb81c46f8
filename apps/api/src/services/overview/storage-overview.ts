import { forecast, monthlyCostUsd, type StorageRates, sumByDay, toSeconds } from '@espejo/core';
import type { StorageSnapshotRow } from '@espejo/db';
import type { StorageDebt } from '../storage-debt/views.ts';
import type { StorageOverview, StoragePoint } from './views.ts';

const TOP_STORES = 10;

/** The content of a connection's mirror now, with its report. */
export interface MirrorTotals {
  readonly storeCount: number;
  readonly fileCount: number;
  readonly report: StorageDebt;
}

/** Storage and cost: now, by day, and in 30 days if nothing changes. */
export function presentStorage(input: {
  readonly storeCount: number;
  readonly fileCount: number;
  readonly totals: readonly MirrorTotals[];
  readonly snapshots: readonly StorageSnapshotRow[];
  readonly rates: StorageRates;
  readonly nowMs: number;
}): StorageOverview {
  const { storeCount, fileCount, totals, snapshots, rates, nowMs } = input;
  const connections = totals.flatMap(({ report, ...counts }) =>
    report.connections.map((row) => ({ ...row, ...counts })),
  );
  const sum = (of: (row: (typeof connections)[number]) => number) =>
    connections.reduce((total, row) => total + of(row), 0);
  const days = sumByDay(snapshots, (usageBytes) => monthlyCostUsd(usageBytes, rates));
  const bytesAhead = forecast(
    days.map((day) => ({ atMs: day.atMs, value: day.usageBytes })),
    nowMs,
  );
  const usdAhead = forecast(
    days.map((day) => ({ atMs: day.atMs, value: day.usdPerMonth })),
    nowMs,
  );
  return {
    isEstimate: true,
    storeCount,
    fileCount,
    usageBytes: sum((row) => row.usageBytes),
    usdPerMonth: cents(sum((row) => row.usdPerMonth)),
    connections,
    topStores: totals
      .flatMap(({ report }) => report.topStores)
      .toSorted((a, b) => b.usageBytes - a.usageBytes || (a.id < b.id ? -1 : 1))
      .slice(0, TOP_STORES),
    history: days.map((day) => pointOf(day.atMs, day.usageBytes, day.usdPerMonth)),
    forecast:
      bytesAhead === null || usdAhead === null ? null : pointOf(bytesAhead.atMs, bytesAhead.value, usdAhead.value),
  };
}

function pointOf(atMs: number, usageBytes: number, usdPerMonth: number): StoragePoint {
  return { at: toSeconds(atMs), usageBytes: Math.round(usageBytes), usdPerMonth: cents(usdPerMonth) };
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
