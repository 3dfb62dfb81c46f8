'use client';

import { Banner } from '@espejo/ui/blocks/banner';
import { Button } from '@espejo/ui/ui/button';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { connectionsQuery } from '#lib/api/connections.ts';
import { statusQuery } from '#lib/api/status.ts';
import { freshnessProblems } from '#lib/format/freshness.ts';
import { useNow } from '#lib/hooks/use-now.ts';

const SHOWN_MAX = 2;

/** Banners for stale data (a connection that fails, is behind schedule or is off) and for deletions that are held back. */
export function FreshnessBanners({ connectionId }: { connectionId?: string | null | undefined }) {
  const now = useNow();
  const connections = useQuery(connectionsQuery);
  const status = useQuery(statusQuery);
  const relevant = (connections.data ?? []).filter((one) => connectionId == null || one.id === connectionId);
  const problems = freshnessProblems(relevant, now);
  const hidden = problems.length - SHOWN_MAX;
  return (
    <>
      {status.data?.heldBack.map((sentence) => (
        <Banner key={sentence} tone="warning" title="Deletions are held back">
          {sentence}
        </Banner>
      ))}
      {problems.slice(0, SHOWN_MAX).map((problem) => (
        <Banner
          key={problem.connectionId}
          tone={problem.tone}
          title={problem.title}
          actions={
            <Button asChild variant="link" size="sm" className="text-ui h-5 px-0 text-current underline">
              <Link
                href={
                  problem.tone === 'danger'
                    ? '/connections'
                    : `/sync?connection=${encodeURIComponent(problem.connectionId)}`
                }
              >
                {problem.tone === 'danger' ? 'Fix the connection' : 'Show its syncs'}
              </Link>
            </Button>
          }
        >
          {problem.detail}
        </Banner>
      ))}
      {hidden > 0 ? (
        <p className="text-muted-foreground">
          {hidden} more on the{' '}
          <Link href="/connections" className="text-brand underline underline-offset-2">
            connections page
          </Link>
          .
        </p>
      ) : null}
    </>
  );
}
