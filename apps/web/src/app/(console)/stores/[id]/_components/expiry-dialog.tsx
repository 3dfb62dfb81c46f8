'use client';

import type { ConvertExpiryBody, VectorStoreDetail } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Field } from '@espejo/ui/blocks/field';
import { Button } from '@espejo/ui/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@espejo/ui/ui/dialog';
import { Input } from '@espejo/ui/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { MutationError } from '#components/states/mutation-error.tsx';
import { expiryConversionQuery } from '#lib/api/expiry.ts';
import { useDebounced } from '#lib/hooks/use-debounced.ts';
import { EXPIRY_KINDS, type ExpiryDraft, expiryDraftOf, toPolicy } from '../expiry-draft.ts';
import { ConversionTable } from './conversion-table.tsx';
import { useUpdateStore } from './use-update-store.ts';

const SETTLE_MS = 250;

/**
 * When a store expires, and what that is in every other form, with what each would lose: shown before it is saved. Of a
 * mirror it says the same of the policy upstream has, and where it is changed.
 */
export function ExpiryDialog({ store, onClose }: { store: VectorStoreDetail; onClose: () => void }) {
  const [draft, setDraft] = useState<ExpiryDraft>(() => expiryDraftOf(store.expiryPolicy));
  const update = useUpdateStore(store.id, onClose);
  const isMirror = store.readOnlyReason !== null;
  const policy = toPolicy(draft);
  const body: ConvertExpiryBody | null =
    policy === null ? null : { policy, createdAt: store.createdAt, lastActiveAt: store.lastActiveAt };
  const settled = useDebounced(body, SETTLE_MS);
  const conversion = useQuery(expiryConversionQuery(settled));
  const set = (change: Partial<ExpiryDraft>) => setDraft((before) => ({ ...before, ...change }));

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (isMirror) onClose();
    else if (policy !== null) update.mutate({ expiryPolicy: policy });
  }

  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent className="max-h-[90dvh] overflow-y-auto sm:max-w-2xl">
        <form onSubmit={onSubmit} className="grid min-w-0 gap-4">
          <DialogHeader>
            <DialogTitle>Expiry</DialogTitle>
            <DialogDescription>{store.expiryText}</DialogDescription>
          </DialogHeader>
          {isMirror ? (
            <Banner tone="info" title="This store is read-only here." role="note">
              {store.readOnlyReason} Espejo never expires a mirror by itself.
            </Banner>
          ) : (
            <div className="grid gap-3 sm:grid-cols-2">
              <Field label="Expires">
                {(control) => (
                  <Select
                    value={draft.kind}
                    onValueChange={(kind) =>
                      set({ kind: EXPIRY_KINDS.find((one) => one.value === kind)?.value ?? 'never' })
                    }
                  >
                    <SelectTrigger {...control} className="w-full">
                      <SelectValue />
                    </SelectTrigger>
                    <SelectContent>
                      {EXPIRY_KINDS.map(({ value, label }) => (
                        <SelectItem key={value} value={value} className="text-ui">
                          {label}
                        </SelectItem>
                      ))}
                    </SelectContent>
                  </Select>
                )}
              </Field>
              <PolicyFields draft={draft} onChange={set} />
            </div>
          )}
          {policy === null ? null : conversion.data === undefined ? null : (
            <ConversionTable conversion={conversion.data} />
          )}
          <MutationError error={conversion.error} title="This cannot be said." />
          <MutationError error={update.error} title="Not saved." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              {isMirror ? 'Close' : 'Cancel'}
            </Button>
            {isMirror ? null : (
              <Button type="submit" disabled={policy === null || update.isPending || conversion.isError}>
                {update.isPending ? 'Saving…' : 'Save'}
              </Button>
            )}
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function PolicyFields({ draft, onChange }: { draft: ExpiryDraft; onChange: (change: Partial<ExpiryDraft>) => void }) {
  if (draft.kind === 'never') return null;
  if (draft.kind === 'at') {
    return (
      <Field label="Date and time (UTC)">
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            required
            value={draft.at}
            onChange={(event) => onChange({ at: event.target.value })}
          />
        )}
      </Field>
    );
  }
  const isHours = draft.kind === 'after_creation';
  return (
    <Field label={isHours ? 'Hours' : 'Days'}>
      {(control) => (
        <Input
          {...control}
          type="number"
          min={1}
          required
          value={isHours ? draft.hours : draft.days}
          onChange={(event) => onChange(isHours ? { hours: event.target.value } : { days: event.target.value })}
        />
      )}
    </Field>
  );
}
