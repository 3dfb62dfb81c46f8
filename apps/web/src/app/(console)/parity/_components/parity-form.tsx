'use client';

import type { ParityRun } from '@espejo/contracts';
import { Field } from '@espejo/ui/blocks/field';
import { Input } from '@espejo/ui/ui/input';
import { Textarea } from '@espejo/ui/ui/textarea';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { compareStores } from '#lib/api/transfers.ts';
import { plural } from '#lib/format/count.ts';

const QUERIES_MAX = 50;

interface ParityFormProps {
  readonly left: string;
  readonly right: string;
  /** The previous comparison: its queries are the initial ones, so that the two results are comparable. */
  readonly last: ParityRun | undefined;
  readonly onDone: (run: ParityRun) => void;
}

/** The queries of a comparison and its depth. */
export function ParityForm({ left, right, last, onDone }: ParityFormProps) {
  const queryClient = useQueryClient();
  const [text, setText] = useState(() => last?.queries.map((query) => query.query).join('\n') ?? '');
  const [depth, setDepth] = useState(String(last?.depth ?? 10));
  const lines = text.split('\n').map((line) => line.trim());
  const queries = [...new Set(lines.filter((line) => line !== ''))];
  const isTooMany = queries.length > QUERIES_MAX;
  const compare = useMutation({
    mutationFn: () => compareStores({ leftStoreId: left, rightStoreId: right, queries, depth: Number(depth) }),
    onSuccess: async (run) => {
      await queryClient.invalidateQueries({ queryKey: ['parity', left, right] });
      onDone(run);
    },
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (queries.length > 0 && !isTooMany) compare.mutate();
  }
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      <Field
        label="Queries, one per line"
        description={`Use real queries of your users. ${plural(queries.length, 'query', 'queries')} of at most ${QUERIES_MAX}; each one counts as a use of both stores.`}
        error={isTooMany ? `${queries.length} queries entered; the maximum is ${QUERIES_MAX}.` : null}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={5}
            value={text}
            placeholder={'How do I cancel my subscription?\nWhich plans have single sign-on?'}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Files compared per query" className="w-56">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={50}
              required
              value={depth}
              onChange={(event) => setDepth(event.target.value)}
              className="h-9"
            />
          )}
        </Field>
        <PermissionButton
          needs="write"
          type="submit"
          className="h-9"
          disabled={queries.length === 0 || isTooMany || compare.isPending}
        >
          {compare.isPending ? 'Comparing…' : 'Compare'}
        </PermissionButton>
      </div>
      <MutationError error={compare.error} title="Comparison failed; no result was saved." />
    </form>
  );
}
