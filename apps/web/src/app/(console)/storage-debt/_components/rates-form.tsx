'use client';

import type { StorageDebt } from '@espejo/contracts';
import { Field } from '@espejo/ui/blocks/field';
import { Button } from '@espejo/ui/ui/button';
import { Input } from '@espejo/ui/ui/input';
import { Popover, PopoverContent, PopoverTrigger } from '@espejo/ui/ui/popover';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CoinsIcon } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { updateSettings } from '#lib/api/storage-debt.ts';

/** The storage rates behind every cost estimate; OpenAI's published rates by default. */
export function RatesForm({ rates }: { rates: StorageDebt['rates'] }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover open={isOpen} onOpenChange={setIsOpen}>
      <PopoverTrigger asChild>
        <Button size="sm" variant="outline">
          <CoinsIcon />
          Rates
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" className="w-72">
        <Form rates={rates} onSaved={() => setIsOpen(false)} />
      </PopoverContent>
    </Popover>
  );
}

function Form({ rates, onSaved }: { rates: StorageDebt['rates']; onSaved: () => void }) {
  const queryClient = useQueryClient();
  const [usdPerGbDay, setUsdPerGbDay] = useState(String(rates.usdPerGbDay));
  const [freeGb, setFreeGb] = useState(String(rates.freeGb));
  const save = useMutation({
    mutationFn: () => updateSettings({ usdPerGbDay: Number(usdPerGbDay), freeGb: Number(freeGb) }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['storage-debt'] });
      onSaved();
    },
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    save.mutate();
  }
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      <Field label="US dollars per GB and day" description="OpenAI publishes 0.10. A GB is 2^30 bytes.">
        {(control) => (
          <Input
            {...control}
            type="number"
            min={0}
            max={1000}
            step="any"
            required
            value={usdPerGbDay}
            onChange={(event) => setUsdPerGbDay(event.target.value)}
          />
        )}
      </Field>
      <Field label="Free GB per project" description="OpenAI publishes 1.">
        {(control) => (
          <Input
            {...control}
            type="number"
            min={0}
            step="any"
            required
            value={freeGb}
            onChange={(event) => setFreeGb(event.target.value)}
          />
        )}
      </Field>
      <MutationError error={save.error} title="Not saved." />
      <PermissionButton needs="manage" type="submit" size="sm" disabled={save.isPending}>
        {save.isPending ? 'Saving…' : 'Save rates'}
      </PermissionButton>
    </form>
  );
}
