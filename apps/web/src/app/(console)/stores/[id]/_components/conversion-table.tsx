'use client';

import type { ExpiryConversion, ExpiryForm } from '@espejo/contracts';
import { type Tone, ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { NONE } from '#lib/format/count.ts';
import { formatAbsolute } from '#lib/format/time.ts';

const FORMS: Readonly<Record<ExpiryForm, string>> = {
  espejo: 'Espejo',
  openai_store: 'OpenAI vector store',
  openai_file: 'OpenAI file',
  terraform: 'Terraform',
};

const RESULTS: Readonly<Record<ExpiryConversion['rows'][number]['result'], { text: string; tone: Tone }>> = {
  exact: { text: 'Exact', tone: 'success' },
  lossy: { text: 'Lossy', tone: 'warning' },
  refused: { text: 'Not possible', tone: 'danger' },
};

/** One expiry policy in every format, and what each conversion changes. */
export function ConversionTable({ conversion }: { conversion: ExpiryConversion }) {
  return (
    <section
      aria-label="The policy in other formats"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="focus-visible:ring-ring/60 overflow-x-auto rounded-md border outline-none focus-visible:ring-2"
    >
      <table className="w-full min-w-[34rem] text-left">
        <caption className="sr-only">The policy in every format</caption>
        <thead className="text-muted-foreground bg-muted/50 text-xs">
          <tr>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Format
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Result
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Value
            </th>
            <th scope="col" className="px-3 py-1.5 font-medium">
              Current end
            </th>
          </tr>
        </thead>
        <tbody>
          {conversion.rows.map((row) => (
            <ConversionRow key={row.form} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ConversionRow({ row }: { row: ExpiryConversion['rows'][number] }) {
  const hasReasons = row.reasons.length > 0;
  return (
    <>
      <tr className={hasReasons ? '' : 'border-b last:border-b-0'}>
        <th scope="row" className="px-3 py-1.5 font-medium whitespace-nowrap">
          {FORMS[row.form]}
        </th>
        <td className="px-3 py-1.5">
          <ToneBadge tone={RESULTS[row.result].tone}>{RESULTS[row.result].text}</ToneBadge>
        </td>
        <td className="px-3 py-1.5 font-mono text-xs">{writtenOf(row)}</td>
        <td className="px-3 py-1.5 whitespace-nowrap">
          {row.expiresAt === null ? (row.result === 'refused' ? NONE : 'never') : formatAbsolute(row.expiresAt)}
        </td>
      </tr>
      {hasReasons ? (
        <tr className="border-b last:border-b-0">
          <td colSpan={4} className="text-muted-foreground px-3 pb-2 text-xs text-pretty">
            {row.reasons.map((reason) => (
              <p key={reason.code}>{reason.message}</p>
            ))}
          </td>
        </tr>
      ) : null}
    </>
  );
}

function writtenOf(row: ExpiryConversion['rows'][number]): string {
  if (row.value === null) return row.result === 'refused' ? NONE : 'null';
  return Object.entries(row.value)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join(', ');
}
