'use client';

import type { StorageOverview } from '@espejo/contracts';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Name } from '#components/name.tsx';
import { Section } from '#components/section.tsx';
import { StoreName } from '#components/store-name.tsx';
import { formatBytes } from '#lib/format/bytes.ts';
import { formatCount } from '#lib/format/count.ts';
import { perMonth } from '#lib/labels/deletions.ts';
import { largestStoresLink, listLink } from '../list-links.ts';
import { StorageChart } from './storage-chart.tsx';

const TOP_SHOWN = 5;

/** Storage and cost: in all, by connection, the largest stores, over time. */
export function Storage({ storage }: { storage: StorageOverview }) {
  const { forecast } = storage;
  return (
    <Section
      title="Storage and cost"
      about="The cost is an estimate from the rates that are set under Storage debt; primary stores cost nothing at OpenAI."
    >
      <dl className="grid grid-cols-2 gap-3 max-md:[&>:last-child]:col-span-2 md:grid-cols-5">
        <Figure label="Vector stores" href="/stores">
          {formatCount(storage.storeCount)}
        </Figure>
        <Figure label="Files" href="/files">
          {formatCount(storage.fileCount)}
        </Figure>
        <Figure label="Storage of mirrors" href={`${largestStoresLink()}&source=cache`}>
          {formatBytes(storage.usageBytes)}
        </Figure>
        <Figure label="Cost" href="/storage-debt">
          {perMonth(storage.usdPerMonth)}
        </Figure>
        <Figure label="Forecast in 30 days" href="#storage-over-time">
          {forecast === null ? 'After 3 days' : perMonth(forecast.usdPerMonth)}
        </Figure>
      </dl>
      <StorageChart storage={storage} />
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <ByConnection storage={storage} />
        <LargestStores storage={storage} />
      </div>
    </Section>
  );
}

function Figure({ label, href, children }: { label: string; href: string; children: ReactNode }) {
  return (
    <div className="bg-card hover:bg-accent/60 relative min-w-0 rounded-lg border px-4 py-3 transition-colors">
      <dt className="text-muted-foreground text-xs">{label}</dt>
      <dd className="text-base font-semibold tracking-tight tabular-nums">
        <FigureLink href={href} isWholeCard>
          {children}
        </FigureLink>
      </dd>
    </div>
  );
}

function FigureLink({
  href,
  isWholeCard = false,
  children,
}: {
  href: string;
  isWholeCard?: boolean;
  children: ReactNode;
}) {
  return (
    <Link
      href={href}
      prefetch={false}
      className={`focus-visible:ring-ring/60 rounded-sm underline-offset-2 outline-none hover:underline focus-visible:ring-2 ${isWholeCard ? 'after:absolute after:inset-0' : ''}`}
    >
      {children}
    </Link>
  );
}

function ByConnection({ storage }: { storage: StorageOverview }) {
  return (
    <div className="bg-card min-w-0 overflow-x-auto rounded-lg border">
      <table className="w-full tabular-nums">
        <caption className="px-4 py-2.5 text-left font-medium">By connection</caption>
        <thead>
          <tr className="text-muted-foreground border-y text-xs [&_th]:px-2 [&_th]:py-1.5 [&_th]:font-normal sm:[&_th]:px-4">
            <th scope="col" className="text-left">
              Connection
            </th>
            <th scope="col" className="text-right">
              Stores
            </th>
            <th scope="col" className="text-right">
              Files
            </th>
            <th scope="col" className="text-right">
              Storage
            </th>
            <th scope="col" className="text-right">
              Cost
            </th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {storage.connections.map((row) => (
            <tr key={row.connectionId} className="[&>*]:px-2 [&>*]:py-1.5 sm:[&>*]:px-4">
              <th scope="row" className="max-w-28 truncate text-left font-normal sm:max-w-60">
                <Name text={row.name} />
              </th>
              <td className="text-right">
                <FigureLink href={listLink('/stores', { connection: row.connectionId })}>
                  {formatCount(row.storeCount)}
                </FigureLink>
              </td>
              <td className="text-right">
                <FigureLink href={listLink('/files', { connection: row.connectionId })}>
                  {formatCount(row.fileCount)}
                </FigureLink>
              </td>
              <td className="text-right whitespace-nowrap">
                <FigureLink href={largestStoresLink(row.connectionId)}>{formatBytes(row.usageBytes)}</FigureLink>
              </td>
              <td className="text-right">
                <FigureLink href={listLink('/storage-debt', { connection: row.connectionId })}>
                  {perMonth(row.usdPerMonth)}
                </FigureLink>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LargestStores({ storage }: { storage: StorageOverview }) {
  const names = new Map(storage.connections.map((row) => [row.connectionId, row.name]));
  const top = storage.topStores.slice(0, TOP_SHOWN);
  const most = Math.max(1, ...top.map((store) => store.usageBytes));
  return (
    <section aria-label="Largest stores" className="bg-card flex min-w-0 flex-col gap-2 rounded-lg border px-4 py-2.5">
      <h3 className="font-medium">Largest stores</h3>
      {top.length === 0 ? <p className="text-muted-foreground">No mirrored store yet</p> : null}
      <ul className="flex flex-col gap-2">
        {top.map((store) => (
          <li key={store.id}>
            <div className="flex items-baseline justify-between gap-3 text-xs">
              <span className="min-w-0 truncate">
                <FigureLink href={`/stores/${encodeURIComponent(store.id)}`}>
                  <StoreName name={store.name} />
                </FigureLink>
                {names.size > 1 && store.connectionId !== null ? (
                  <span className="text-muted-foreground">
                    {' '}
                    · <bdi>{names.get(store.connectionId) ?? store.connectionId}</bdi>
                  </span>
                ) : null}
              </span>
              <span className="text-muted-foreground shrink-0 tabular-nums">
                {formatBytes(store.usageBytes)} · {perMonth(store.usdPerMonth)}
              </span>
            </div>
            <div aria-hidden="true" className="bg-muted mt-1 h-1.5 overflow-hidden rounded-full">
              <div className="bg-brand h-full rounded-full" style={{ width: `${(store.usageBytes / most) * 100}%` }} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
