'use client';

import { type Connection, CreateConnectionBody, LIMITS, UpdateConnectionBody } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Field } from '@espejo/ui/blocks/field';
import { Button } from '@espejo/ui/ui/button';
import { Input } from '@espejo/ui/ui/input';
import { Label } from '@espejo/ui/ui/label';
import { SheetFooter } from '@espejo/ui/ui/sheet';
import { Switch } from '@espejo/ui/ui/switch';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { usePermission } from '#lib/access/use-permission.ts';
import { asApiError } from '#lib/api/client.ts';
import { createConnection, updateConnection } from '#lib/api/connections.ts';
import { startSyncRun } from '#lib/api/sync-runs.ts';
import {
  type ConnectionDraft,
  draftOf,
  type FieldErrors,
  hasOtherAddress,
  NEW_CONNECTION,
  toCreateBody,
  toUpdateBody,
} from '../connection-draft.ts';
import { ORIGIN_NOTES } from '../origin-notes.ts';
import { CronEditor } from './cron-editor.tsx';
import { PlaceFields } from './place-fields.tsx';

interface ConnectionFormProps {
  /** Null for a new connection. */
  readonly connection: Connection | null;
  readonly onClose: () => void;
}

/** Creates or edits a connection. A base URL and key that come from elsewhere are shown disabled, with the reason. */
export function ConnectionForm({ connection, onClose }: ConnectionFormProps) {
  const queryClient = useQueryClient();
  const scheduleId = useId();
  const [before] = useState<ConnectionDraft>(() => (connection === null ? NEW_CONNECTION : draftOf(connection)));
  const [draft, setDraft] = useState(before);
  const [errors, setErrors] = useState<FieldErrors>({});
  const set = (change: Partial<ConnectionDraft>) => setDraft((current) => ({ ...current, ...change }));
  const maySync = usePermission('sync').isAllowed;
  const note = connection === null ? null : ORIGIN_NOTES[connection.origin];

  const save = useMutation({
    mutationFn: () =>
      connection === null
        ? createConnection(toCreateBody(draft))
        : updateConnection(connection.id, toUpdateBody(before, draft)),
    onSuccess: async (saved) => {
      toast.success(connection === null ? `“${saved.name}” connected` : 'Saved');
      onClose();
      if (connection === null && saved.isSyncEnabled && maySync) await startFirstSync(saved);
      await queryClient.invalidateQueries();
    },
  });

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    const checked =
      connection === null
        ? CreateConnectionBody.safeParse(toCreateBody(draft))
        : UpdateConnectionBody.safeParse(toUpdateBody(before, draft));
    if (!checked.success) {
      setErrors(Object.fromEntries(checked.error.issues.map(({ path }) => [String(path[0]), WORDS[String(path[0])]])));
      return;
    }
    if (connection?.hasApiKey && draft.apiKey.trim() === '' && hasOtherAddress(before, draft)) {
      setErrors({ apiKey: 'The address changed: enter the API key again' });
      return;
    }
    setErrors({});
    save.mutate();
  }

  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-1 flex-col">
      <div className="flex flex-1 flex-col gap-5 p-4">
        {note === null ? null : (
          <Banner tone="info" title="Not editable here." role="note">
            {note}
          </Banner>
        )}
        <Field label="Name" error={errors.name}>
          {(control) => (
            <Input
              {...control}
              value={draft.name}
              maxLength={100}
              placeholder="Support project"
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <PlaceFields connection={connection} before={before} draft={draft} errors={errors} onChange={set} />
        <div className="flex items-start justify-between gap-4 border-t pt-5">
          <div>
            <Label htmlFor={scheduleId} className="text-ui">
              Sync on a schedule
            </Label>
            <p className="text-muted-foreground mt-1 text-xs">When off, it syncs only when you start a sync.</p>
          </div>
          <Switch
            id={scheduleId}
            checked={draft.isSyncEnabled}
            onCheckedChange={(isSyncEnabled) => set({ isSyncEnabled })}
          />
        </div>
        {draft.isSyncEnabled ? (
          <CronEditor expression={draft.syncCron} onExpressionChange={(syncCron) => set({ syncCron })} />
        ) : null}
        <details className="border-t pt-4">
          <summary className="focus-visible:ring-ring/60 w-fit cursor-pointer rounded-sm font-medium outline-none focus-visible:ring-2">
            Safety and speed
          </summary>
          <div className="mt-4 grid gap-5">
            <Field
              label="Grace period in minutes"
              error={errors.removalGraceSeconds}
              description="An item that is missing upstream is kept at least this long before it can be removed."
            >
              {(control) => (
                <Input
                  {...control}
                  inputMode="decimal"
                  value={draft.removalGraceMinutes}
                  className="w-32 tabular-nums"
                  onChange={(event) => set({ removalGraceMinutes: event.target.value })}
                />
              )}
            </Field>
            <Field
              label="Concurrent requests"
              error={errors.concurrency}
              description={`1 to ${LIMITS.connectionConcurrencyMax}. Fewer use less of the project’s rate limit.`}
            >
              {(control) => (
                <Input
                  {...control}
                  inputMode="numeric"
                  value={draft.concurrency}
                  className="w-32 tabular-nums"
                  onChange={(event) => set({ concurrency: event.target.value })}
                />
              )}
            </Field>
          </div>
        </details>
        <MutationError error={save.error} title={connection === null ? 'Not connected.' : 'Not saved.'} />
      </div>
      <SheetFooter className="bg-background sticky bottom-0 flex-row justify-end border-t">
        <Button type="button" variant="outline" onClick={onClose}>
          Cancel
        </Button>
        <PermissionButton needs="manage" type="submit" disabled={save.isPending}>
          {save.isPending ? 'Saving…' : connection === null ? 'Connect' : 'Save'}
        </PermissionButton>
      </SheetFooter>
    </form>
  );
}

/** Starts the first sync at once, because the schedule can be hours away. */
async function startFirstSync({ id, name }: Connection): Promise<void> {
  try {
    await startSyncRun({ connectionId: id });
  } catch (cause) {
    const { message, code } = asApiError(cause);
    toast.error(`The first sync of “${name}” did not start. ${message}`, { description: code });
  }
}

/** What each field wants, said when it does not get it. */
const WORDS: FieldErrors = {
  name: 'A name of up to 100 characters is needed',
  baseUrl: 'A URL that begins with http:// or https:// is needed',
  apiKey: 'An API key is needed',
  organization: 'Too long',
  project: 'Too long',
  syncCron: 'A cron expression is needed',
  removalGraceSeconds: 'A number of minutes from 0 to 525,600 is needed',
  concurrency: `A whole number from 1 to ${LIMITS.connectionConcurrencyMax} is needed`,
};
