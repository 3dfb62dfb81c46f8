'use client';

import { AgentKey, LIMITS } from '@espejo/contracts';
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
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { agentHref } from '#components/agents/agent-links.tsx';

/** Reads the key of a new agent, then opens its page, where stores are bound. */
export function NewAgentDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const [key, setKey] = useState('');
  const isValid = AgentKey.safeParse(key).success;
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (isValid) router.push(agentHref(key));
  }
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <form onSubmit={onSubmit} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>New agent</DialogTitle>
            <DialogDescription>
              Your code refers to the agent by this key. You choose its stores on the next page.
            </DialogDescription>
          </DialogHeader>
          <Field
            label="Key"
            error={key === '' || isValid ? null : 'Use letters and digits; after the first character also . _ : -'}
            description="For example support-bot. It cannot be changed later."
          >
            {(control) => (
              <Input
                {...control}
                value={key}
                maxLength={LIMITS.agentKeyMax}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setKey(event.target.value)}
                className="font-mono"
              />
            )}
          </Field>
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isValid}>
              Choose stores
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
