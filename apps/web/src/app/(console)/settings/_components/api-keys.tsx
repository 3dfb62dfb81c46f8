'use client';

import type { ApiKey, CreatedApiKey } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { Button } from '@espejo/ui/ui/button';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRoundIcon, PlusIcon } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { Name } from '#components/name.tsx';
import { Loaded } from '#components/states/loaded.tsx';
import { Time } from '#components/time.tsx';
import { apiKeysQuery, revokeApiKey, rotateApiKey } from '#lib/api/api-keys.ts';
import { asApiError } from '#lib/api/client.ts';
import { plural } from '#lib/format/count.ts';
import { ACTION_WORDS, ROLE_WORDS } from '#lib/format/roles.ts';
import { NewApiKeyDialog } from './new-api-key-dialog.tsx';
import { ShownKeyDialog } from './shown-key-dialog.tsx';

const STATES = {
  active: { text: 'Active', tone: 'success' },
  expired: { text: 'Expired', tone: 'neutral' },
  revoked: { text: 'Revoked', tone: 'neutral' },
} as const satisfies Record<ApiKey['state'], object>;

/** The API keys of the tenant: create, rotate and revoke. */
export function ApiKeys() {
  const keys = useQuery(apiKeysQuery);
  const [isCreating, setIsCreating] = useState(false);
  const [shown, setShown] = useState<CreatedApiKey | null>(null);
  return (
    <section aria-labelledby="api-keys" className="grid gap-3">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id="api-keys" className="font-semibold">
            API keys
          </h2>
          <p className="text-muted-foreground text-pretty">
            For programs that call this Espejo over /v1 and /api. A key is shown once, when it is created.
          </p>
        </div>
        <Button size="sm" variant="outline" onClick={() => setIsCreating(true)}>
          <PlusIcon />
          New key
        </Button>
      </div>
      <Loaded query={keys} what="the keys">
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState icon={KeyRoundIcon} title="No key yet" />
          ) : (
            <ul aria-label="API keys" className="divide-y rounded-md border">
              {data.map((key) => (
                <KeyRow key={key.id} apiKey={key} onShown={setShown} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isCreating ? (
        <NewApiKeyDialog
          onClose={() => setIsCreating(false)}
          onCreated={(made) => {
            setIsCreating(false);
            setShown(made);
          }}
        />
      ) : null}
      {shown === null ? null : <ShownKeyDialog made={shown} onClose={() => setShown(null)} />}
    </section>
  );
}

/** The actions and stores a key is limited to; renders nothing for a key without such limits. */
function KeyLimits({ apiKey: { actions, storeIds } }: { apiKey: ApiKey }) {
  if (actions === null && storeIds === null) return null;
  const acts = actions === null ? null : actions.map((action) => ACTION_WORDS[action].name.toLowerCase()).join(', ');
  const stores = storeIds === null ? null : plural(storeIds.length, 'store');
  return (
    <span data-hint={storeIds === null ? undefined : storeIds.join('\n')}>
      limited to {acts}
      {acts !== null && stores !== null ? ' in ' : null}
      {stores}
    </span>
  );
}

function KeyRow({ apiKey, onShown }: { apiKey: ApiKey; onShown: (made: CreatedApiKey) => void }) {
  const queryClient = useQueryClient();
  const settled = {
    onError: (cause: Error) => toast.error(asApiError(cause).message),
    onSettled: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  };
  const rotate = useMutation({ mutationFn: () => rotateApiKey(apiKey.id), onSuccess: onShown, ...settled });
  const revoke = useMutation({ mutationFn: () => revokeApiKey(apiKey.id), ...settled });
  const { state, expiresAt, lastUsedAt } = apiKey;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex items-center gap-2">
          <Name text={apiKey.name} className="font-medium" />
          <ToneBadge tone="outline">{ROLE_WORDS[apiKey.role].name}</ToneBadge>
          <ToneBadge tone={STATES[state].tone}>{STATES[state].text}</ToneBadge>
        </p>
        <p className="text-muted-foreground flex flex-wrap gap-x-3 text-xs">
          <span className="font-mono">{apiKey.prefix}…</span>
          <span>
            {lastUsedAt === null ? (
              'never used'
            ) : (
              <>
                used <Time at={lastUsedAt} />
              </>
            )}
          </span>
          <KeyLimits apiKey={apiKey} />
          {expiresAt === null ? null : (
            <span>
              {state === 'expired' ? 'expired ' : 'expires '}
              <Time at={expiresAt} />
            </span>
          )}
        </p>
      </div>
      {state === 'active' ? (
        <div className="flex gap-2">
          <Button
            size="sm"
            variant="outline"
            disabled={rotate.isPending}
            aria-label={`Rotate ${apiKey.name}`}
            data-hint="Creates a new key; this one keeps working for 24 hours"
            onClick={() => rotate.mutate()}
          >
            Rotate
          </Button>
          <Button
            size="sm"
            variant="outline"
            disabled={revoke.isPending}
            aria-label={`Revoke ${apiKey.name}`}
            onClick={() => revoke.mutate()}
          >
            Revoke
          </Button>
        </div>
      ) : null}
    </li>
  );
}
