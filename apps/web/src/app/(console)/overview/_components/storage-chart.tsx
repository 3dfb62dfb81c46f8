'use client';

import type { StorageOverview, StoragePoint } from '@espejo/contracts';
import { useRef } from 'react';
import { formatBytes } from '#lib/format/bytes.ts';
import { formatDay } from '#lib/format/time.ts';
import { useElementWidth } from '#lib/hooks/use-element-width.ts';
import { perMonth } from '#lib/labels/deletions.ts';
import { scaleOf } from '../chart-scale.ts';

const HEIGHT_PX = 200;
const LEFT_PX = 56;
const RIGHT_PX = 16;
const TOP_PX = 10;
const BOTTOM_PX = 24;

/** The storage of all mirrors by day with its forecast as a line, and the same numbers in a table. */
export function StorageChart({ storage }: { storage: StorageOverview }) {
  const { history, forecast } = storage;
  const last = history.at(-1);
  return (
    <figure
      id="storage-over-time"
      className="bg-card m-0 flex min-w-0 scroll-mt-4 flex-col gap-2 rounded-lg border px-4 py-2.5"
    >
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">Storage over time</span>
        <span className="text-muted-foreground text-xs">
          {forecast === null
            ? 'A forecast needs snapshots of 3 days; every complete sync takes one.'
            : `Dashed: in 30 days ${formatBytes(forecast.usageBytes)} and ${perMonth(forecast.usdPerMonth)}, if the last 30 days continue.`}
        </span>
      </figcaption>
      {last === undefined ? (
        <p className="text-muted-foreground">No complete sync has been recorded yet.</p>
      ) : (
        <>
          <Lines history={history} last={last} forecast={forecast} />
          <details>
            <summary className="text-muted-foreground hover:text-foreground focus-visible:ring-ring/60 w-fit cursor-pointer rounded-sm text-xs outline-none focus-visible:ring-2">
              The numbers as a table
            </summary>
            <Numbers history={history} forecast={forecast} />
          </details>
        </>
      )}
    </figure>
  );
}

interface LinesProps {
  readonly history: readonly StoragePoint[];
  readonly last: StoragePoint;
  readonly forecast: StoragePoint | null;
}

function Lines({ history, last, forecast }: LinesProps) {
  const frame = useRef<HTMLDivElement>(null);
  const widthPx = useElementWidth(frame);
  return (
    <div ref={frame} className="min-w-0" style={{ height: HEIGHT_PX }}>
      {widthPx === 0 ? null : <Drawing history={history} last={last} forecast={forecast} widthPx={widthPx} />}
    </div>
  );
}

function Drawing({ history, last, forecast, widthPx }: LinesProps & { readonly widthPx: number }) {
  const points = [...history, ...(forecast === null ? [] : [forecast])].map(({ at, usageBytes }) => ({
    at,
    value: usageBytes,
  }));
  const box = { left: LEFT_PX, top: TOP_PX, right: widthPx - RIGHT_PX, bottom: HEIGHT_PX - BOTTOM_PX };
  const { x, y, ticks } = scaleOf(points, box);
  const place = ({ at, usageBytes }: StoragePoint) => `${x(at).toFixed(1)},${y(usageBytes).toFixed(1)}`;
  const line = history.map(place).join(' ');
  const [first = last] = history;
  const end = forecast ?? last;
  return (
    <svg
      role="img"
      aria-label={summarize(first, last, forecast)}
      width={widthPx}
      height={HEIGHT_PX}
      className="block max-w-full overflow-visible text-[0.6875rem]"
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={box.left} x2={box.right} y1={y(tick)} y2={y(tick)} className="stroke-border" />
          <text
            x={box.left - 8}
            y={y(tick)}
            dy="0.32em"
            textAnchor="end"
            className="fill-muted-foreground tabular-nums"
          >
            {formatBytes(tick)}
          </text>
        </g>
      ))}
      {history.length > 1 ? (
        <>
          <polygon
            points={`${x(first.at)},${box.bottom} ${line} ${x(last.at)},${box.bottom}`}
            className="fill-brand/10"
          />
          <polyline points={line} fill="none" strokeWidth={2} strokeLinejoin="round" className="stroke-brand" />
        </>
      ) : null}
      {forecast === null ? null : (
        <>
          <polyline
            points={`${place(last)} ${place(forecast)}`}
            fill="none"
            strokeWidth={2}
            strokeDasharray="5 4"
            className="stroke-brand"
          />
          <circle
            cx={x(forecast.at)}
            cy={y(forecast.usageBytes)}
            r={3.5}
            strokeWidth={2}
            className="fill-card stroke-brand"
          />
        </>
      )}
      <circle cx={x(last.at)} cy={y(last.usageBytes)} r={3.5} className="fill-brand" />
      <text
        x={history.length > 1 || forecast !== null ? box.left : x(first.at)}
        y={HEIGHT_PX - 6}
        textAnchor={history.length > 1 || forecast !== null ? 'start' : 'middle'}
        className="fill-muted-foreground tabular-nums"
      >
        {formatDay(first.at)}
      </text>
      {end === first ? null : (
        <text x={box.right} y={HEIGHT_PX - 6} textAnchor="end" className="fill-muted-foreground tabular-nums">
          {formatDay(end.at)}
        </text>
      )}
    </svg>
  );
}

function Numbers({ history, forecast }: Pick<LinesProps, 'history' | 'forecast'>) {
  return (
    <table className="mt-2 w-full max-w-md text-xs tabular-nums [&_td]:py-1 [&_td]:text-right [&_th]:py-1 [&_th]:text-left [&_th]:font-normal">
      <caption className="sr-only">Storage and cost by day, the newest first</caption>
      <thead>
        <tr className="text-muted-foreground border-b">
          <th scope="col">Day (UTC)</th>
          <th scope="col" className="text-right!">
            Storage
          </th>
          <th scope="col" className="text-right!">
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {forecast === null ? null : <NumberRow point={forecast} label={`${formatDay(forecast.at)}, forecast`} />}
        {history.toReversed().map((point) => (
          <NumberRow key={point.at} point={point} label={formatDay(point.at)} />
        ))}
      </tbody>
    </table>
  );
}

function NumberRow({ point, label }: { point: StoragePoint; label: string }) {
  return (
    <tr className="border-b last:border-b-0">
      <th scope="row">{label}</th>
      <td>{formatBytes(point.usageBytes)}</td>
      <td>{perMonth(point.usdPerMonth)}</td>
    </tr>
  );
}

function summarize(first: StoragePoint, last: StoragePoint, forecast: StoragePoint | null): string {
  const now = `${formatBytes(last.usageBytes)} on ${formatDay(last.at)}`;
  const from = first === last ? now : `From ${formatBytes(first.usageBytes)} on ${formatDay(first.at)} to ${now}`;
  const then = forecast === null ? '' : `; forecast ${formatBytes(forecast.usageBytes)} on ${formatDay(forecast.at)}`;
  return `Storage over time. ${from}${then}. The table below has every number.`;
}
