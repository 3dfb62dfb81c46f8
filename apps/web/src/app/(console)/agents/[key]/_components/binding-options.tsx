'use client';

import { Field } from '@espejo/ui/blocks/field';
import { Input } from '@espejo/ui/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { Switch } from '@espejo/ui/ui/switch';
import { FilterEditor } from '#components/filter/filter-editor.tsx';
import { type BindingDraft, faultsOf } from '../binding-draft.ts';

/** Stands for no ranker of one's own: a select has no empty value. */
const AS_IT_COMES = 'default';

/** How one store is searched; what is left out is left to whoever searches. */
export function BindingOptions({ draft, onChange }: { draft: BindingDraft; onChange: (next: BindingDraft) => void }) {
  const faults = faultsOf(draft);
  const put = (part: Partial<BindingDraft>) => onChange({ ...draft, ...part });
  return (
    <div className="grid gap-4 border-t px-3 py-3">
      <div className="grid gap-3 sm:grid-cols-3">
        <Field label="Results at most" isOptional error={faults.maxNumResults}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.maxNumResults}
              onChange={(event) => put({ maxNumResults: event.target.value })}
              className="h-8"
            />
          )}
        </Field>
        <Field label="Score at least" isOptional error={faults.scoreThreshold}>
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              value={draft.scoreThreshold}
              onChange={(event) => put({ scoreThreshold: event.target.value })}
              className="h-8"
            />
          )}
        </Field>
        <Field label="Ranker">
          {(control) => (
            <Select
              value={draft.ranker ?? AS_IT_COMES}
              onValueChange={(value) =>
                put({ ranker: value === 'auto' || value === 'default-2024-11-15' ? value : null })
              }
            >
              <SelectTrigger size="sm" className="w-full" {...control}>
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                <SelectItem value={AS_IT_COMES}>As it comes</SelectItem>
                <SelectItem value="auto">auto</SelectItem>
                <SelectItem value="default-2024-11-15">default-2024-11-15</SelectItem>
              </SelectContent>
            </Select>
          )}
        </Field>
      </div>
      <Field
        label="What was found is part of the run’s record"
        description="OpenAI’s file search only; a function’s results always are."
        className="grid-cols-[minmax(0,1fr)_auto] items-center [&>:last-child]:col-span-full"
      >
        {(control) => (
          <Switch
            {...control}
            checked={draft.includeSearchResults}
            onCheckedChange={(includeSearchResults) => put({ includeSearchResults })}
          />
        )}
      </Field>
      <FilterEditor text={draft.filter} fault={faults.filter ?? null} onTextChange={(filter) => put({ filter })} />
    </div>
  );
}
