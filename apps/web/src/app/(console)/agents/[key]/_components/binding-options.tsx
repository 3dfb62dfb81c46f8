'use client';

import { Field } from '@espejo/ui/blocks/field';
import { Input } from '@espejo/ui/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { Switch } from '@espejo/ui/ui/switch';
import { FilterEditor } from '#components/filter/filter-editor.tsx';
import { type BindingDraft, faultsOf } from '../binding-draft.ts';

/** Means that no ranker is set: a select has no empty value. */
const NO_RANKER = 'default';

/** The search options of one store; an option that is left out is chosen by the caller. */
export function BindingOptions({ draft, onChange }: { draft: BindingDraft; onChange: (next: BindingDraft) => void }) {
  const faults = faultsOf(draft);
  const put = (part: Partial<BindingDraft>) => onChange({ ...draft, ...part });
  return (
    <div className="grid gap-4 border-t px-3 py-3">
      <div className="grid gap-3 sm:grid-cols-3">
        <Field label="Maximum results" isOptional error={faults.maxNumResults}>
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
        <Field label="Minimum score" isOptional error={faults.scoreThreshold}>
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
              value={draft.ranker ?? NO_RANKER}
              onValueChange={(value) =>
                put({ ranker: value === 'auto' || value === 'default-2024-11-15' ? value : null })
              }
            >
              <SelectTrigger size="sm" className="w-full" {...control}>
                <SelectValue />
              </SelectTrigger>
              <SelectContent>
                <SelectItem value={NO_RANKER}>Not set</SelectItem>
                <SelectItem value="auto">auto</SelectItem>
                <SelectItem value="default-2024-11-15">default-2024-11-15</SelectItem>
              </SelectContent>
            </Select>
          )}
        </Field>
      </div>
      <Field
        label="Include the results in the run’s record"
        description="Only for OpenAI’s file search; results of a function are always included."
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
