'use client';

import type { StorageDebt } from '@espejo/contracts';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Name } from '#components/name.tsx';
import { StoreName } from '#components/store-name.tsx';
import { formatBytes } from '#lib/format/bytes.ts';
import { useConnectionNames } from '#lib/hooks/use-connection-names.ts';
import { perMonth } from '#lib/labels/deletions.ts';

interface Bar {
  readonly key: string;
  readonly label: ReactNode;
  readonly value: number;
  readonly text: string;
}

/** The storage bill by connection, by kind of debt and by store, as bars with their numbers. */
export function DebtCharts({ debt }: { debt: StorageDebt }) {
  const { byId, areSeveral } = useConnectionNames();
  return (
    <div className="grid grid-cols-1 gap-3 lg:grid-cols-3">
      <Chart
        title="Storage bill"
        figure={perMonth(debt.totalUsdPerMonth)}
        note={`Estimate: $${debt.rates.usdPerGbDay} per GB and day beyond ${debt.rates.freeGb} GB per project`}
        bars={debt.connections.map((row) => ({
          key: row.connectionId,
          label: <Name text={row.name} />,
          value: row.usageBytes,
          text: `${formatBytes(row.usageBytes)} · ${perMonth(row.usdPerMonth)}`,
        }))}
      />
      <Chart
        title="Storage debt"
        figure={perMonth(debt.debtUsdPerMonth)}
        note="Bytes by kind; files in no store are not part of the bill"
        bars={debt.categories
          .filter((category) => category.count > 0)
          .map((category) => ({
            key: category.kind,
            label: category.title,
            value: category.bytes,
            text: formatBytes(category.bytes),
          }))}
      />
      <Chart
        title="Largest stores"
        figure={formatBytes(debt.topStores.reduce((sum, store) => sum + store.usageBytes, 0))}
        note="Their share of the bill, by size"
        bars={debt.topStores.slice(0, 5).map((store) => ({
          key: store.id,
          label: (
            <>
              <Link href={`/stores/${encodeURIComponent(store.id)}`} prefetch={false} className="hover:underline">
                <StoreName name={store.name} />
              </Link>
              {areSeveral && store.connectionId !== null ? (
                <span className="text-muted-foreground">
                  {' '}
                  · <bdi>{byId.get(store.connectionId)?.name ?? store.connectionId}</bdi>
                </span>
              ) : null}
            </>
          ),
          value: store.usageBytes,
          text: `${formatBytes(store.usageBytes)} · ${perMonth(store.usdPerMonth)}`,
        }))}
      />
    </div>
  );
}

function Chart({ title, figure, note, bars }: { title: string; figure: string; note: string; bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <section aria-label={title} className="bg-card flex min-w-0 flex-col gap-3 rounded-lg border p-4">
      <div>
        <h2 className="text-muted-foreground text-xs">{title}</h2>
        <p className="text-lg leading-7 font-semibold tracking-tight tabular-nums">{figure}</p>
        <p className="text-muted-foreground text-xs text-pretty">{note}</p>
      </div>
      <ul className="flex flex-col gap-2">
        {bars.map((bar) => (
          <li key={bar.key}>
            <div className="flex items-baseline justify-between gap-3 text-xs">
              <span className="min-w-0 truncate">{bar.label}</span>
              <span className="text-muted-foreground shrink-0 tabular-nums">{bar.text}</span>
            </div>
            <div aria-hidden="true" className="bg-muted mt-1 h-1.5 overflow-hidden rounded-full">
              <div className="bg-brand h-full rounded-full" style={{ width: `${(bar.value / most) * 100}%` }} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
