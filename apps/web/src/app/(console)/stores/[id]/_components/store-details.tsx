'use client';

import type { VectorStoreDetail } from '@espejo/contracts';
import { Fact, Facts } from '@espejo/ui/blocks/facts';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { AgentLinks } from '#components/agents/agent-links.tsx';
import { JsonBlock } from '#components/json-block.tsx';
import { PairList } from '#components/pair-list.tsx';
import { Time } from '#components/time.tsx';
import { connectionsQuery } from '#lib/api/connections.ts';
import { formatExactBytes } from '#lib/format/bytes.ts';
import { NONE, plural } from '#lib/format/count.ts';
import { describePolicy, describeStoreExpiry } from '#lib/format/expiry.ts';
import { formatAbsolute } from '#lib/format/time.ts';
import { useNow } from '#lib/hooks/use-now.ts';

const BACKEND_LABELS: Readonly<Record<string, string>> = { openai: 'OpenAI', local: 'Espejo' };

/** Every field of a store, formatted where possible and raw otherwise. */
export function StoreDetails({ store }: { store: VectorStoreDetail }) {
  const now = useNow();
  const connections = useQuery(connectionsQuery);
  const connection = connections.data?.find((one) => one.id === store.connectionId);
  const expiry = describeStoreExpiry(store, now);
  const claimed = store.fileCounts.total;
  const listed = store.listedFileCount;
  return (
    <div className="max-w-3xl px-4 py-3">
      <Facts>
        <Fact label="Description">
          {store.description === null ? (
            <span className="text-muted-foreground">None</span>
          ) : (
            <bdi>{store.description}</bdi>
          )}
        </Fact>
        <Fact label="Connection">
          {store.connectionId === null ? (
            'None: it is a primary store'
          ) : (
            <Link href="/connections" className="text-brand underline underline-offset-2">
              {connection?.name ?? store.connectionId}
            </Link>
          )}
        </Fact>
        <Fact label="Vectors stored in">
          {connection?.kind === 'sandbox' ? 'the built-in sandbox' : (BACKEND_LABELS[store.backend] ?? store.backend)}
        </Fact>
        <Fact label="Used by">
          {store.usedBy.length === 0 ? (
            <span className="text-muted-foreground">No agent</span>
          ) : (
            <AgentLinks users={store.usedBy} />
          )}
        </Fact>
        <Fact label="Expiry policy">
          {describePolicy(store, now)}.{' '}
          {expiry.tone === 'never'
            ? ''
            : `Expires: ${expiry.text}${store.expiresAt === null ? '' : ` (${formatAbsolute(store.expiresAt)})`}.`}
        </Fact>
        <Fact label="Exact size">{formatExactBytes(store.usageBytes)}</Fact>
        <Fact label="Files">
          {listed === claimed ? (
            `${plural(listed, 'file')} listed, which matches the count of the store.`
          ) : (
            <span className="text-warning">
              {plural(listed, 'file')} listed, yet the store claims {plural(claimed, 'file')}.{' '}
              {store.filesListingComplete
                ? 'The count of the store differs from its listing. This happens when files are deleted without being detached.'
                : 'The listing is not complete yet.'}
            </span>
          )}{' '}
          {store.ghostCount > 0
            ? `${plural(store.ghostCount, 'of them is a ghost', 'of them are ghosts')}: still attached, but deleted from the project.`
            : ''}
        </Fact>
        {store.source === 'cache' ? (
          <Fact label="Files listed">
            {store.filesListedAt === null ? (
              'Never completely'
            ) : (
              <>
                <Time at={store.filesListedAt} />, {store.filesListingComplete ? 'complete' : 'not complete since'}
              </>
            )}
          </Fact>
        ) : null}
        {store.missingSince === null ? null : (
          <Fact label="Missing since">
            <Time at={store.missingSince} />: absent from complete listings since then. It is removed only after two
            complete listings, the grace period and a direct request that answers 404.
          </Fact>
        )}
        <Fact label="Created">{formatAbsolute(store.createdAt)}</Fact>
        <Fact label="Last active">{store.lastActiveAt === null ? NONE : formatAbsolute(store.lastActiveAt)}</Fact>
        <Fact label="Metadata">
          <PairList pairs={store.metadata} />
        </Fact>
        {store.extra === null ? null : (
          <Fact label="Other fields">
            <p className="text-muted-foreground mb-1.5">Sent by upstream; unknown to this version.</p>
            <JsonBlock label="Other fields" value={store.extra} />
          </Fact>
        )}
      </Facts>
    </div>
  );
}
