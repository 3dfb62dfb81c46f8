'use client';

import { Action, type Role } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { Label } from '@espejo/ui/ui/label';
import { Switch } from '@espejo/ui/ui/switch';
import { XIcon } from 'lucide-react';
import { useId } from 'react';
import { StoreName } from '#components/store-name.tsx';
import { StorePicker } from '#components/store-picker.tsx';
import { ACTION_WORDS } from '#lib/format/roles.ts';
import { actionsOfRole, type KeyScope, toBounds, toggleAction } from '../key-scope.ts';

interface KeyScopeFieldsProps {
  readonly role: Role;
  readonly scope: KeyScope;
  readonly onScopeChange: (scope: KeyScope) => void;
}

/** The actions and stores that a key is limited to. */
export function KeyScopeFields({ role, scope, onScopeChange }: KeyScopeFieldsProps) {
  const bounds = toBounds(role, scope);
  const errorOf = (field: string) => (!bounds.ok && bounds.field === field ? bounds.reason : null);
  return (
    <>
      <fieldset className="grid gap-2">
        <legend className="mb-2 font-medium">Actions</legend>
        {Action.options.map((action) => (
          <ActionChoice key={action} action={action} role={role} scope={scope} onScopeChange={onScopeChange} />
        ))}
        <Fault reason={errorOf('actions')} />
      </fieldset>
      <StoreBounds scope={scope} onScopeChange={onScopeChange} fault={errorOf('stores')} />
    </>
  );
}

function ActionChoice({ action, role, scope, onScopeChange }: KeyScopeFieldsProps & { readonly action: Action }) {
  const possible = actionsOfRole(role);
  const isPossible = possible.includes(action);
  const { name, about } = ACTION_WORDS[action];
  return (
    <label
      className="has-disabled:text-muted-foreground grid grid-cols-[auto_4.5rem_1fr] items-start gap-x-2.5"
      data-hint={isPossible ? undefined : 'Not included in its role'}
    >
      <input
        type="checkbox"
        disabled={!isPossible}
        checked={isPossible && (scope.actions ?? possible).includes(action)}
        onChange={() => onScopeChange(toggleAction(role, scope, action))}
        className="accent-brand mt-0.5 size-4"
      />
      <span className="font-medium">{name}</span>
      <span className="text-muted-foreground text-pretty">{about}</span>
    </label>
  );
}

interface StoreBoundsProps {
  readonly scope: KeyScope;
  readonly onScopeChange: (scope: KeyScope) => void;
  readonly fault: string | null;
}

function StoreBounds({ scope, onScopeChange, fault }: StoreBoundsProps) {
  const switchId = useId();
  const { stores } = scope;
  const put = (next: KeyScope['stores']) => onScopeChange({ ...scope, stores: next });
  return (
    <div className="grid gap-2">
      <div className="flex items-start justify-between gap-4">
        <div>
          <Label htmlFor={switchId} className="text-ui">
            Only some stores
          </Label>
          <p className="text-muted-foreground mt-0.5 text-xs text-pretty">
            The key then sees no other stores, and nothing that does not belong to one store.
          </p>
        </div>
        <Switch id={switchId} checked={stores !== null} onCheckedChange={(isBounded) => put(isBounded ? [] : null)} />
      </div>
      {stores === null ? null : (
        <>
          {stores.length === 0 ? null : (
            <ul aria-label="Chosen stores" className="flex flex-wrap gap-1.5">
              {stores.map((store) => (
                <li key={store.id} className="bg-muted flex min-w-0 items-center rounded-md pl-2">
                  <span className="max-w-48 truncate" data-hint={store.id}>
                    <StoreName name={store.name} />
                  </span>
                  <Button
                    type="button"
                    size="icon-sm"
                    variant="ghost"
                    className="size-7"
                    aria-label={`Remove ${store.name ?? store.id}`}
                    onClick={() => put(stores.filter((one) => one.id !== store.id))}
                  >
                    <XIcon />
                  </Button>
                </li>
              ))}
            </ul>
          )}
          <StorePicker
            chosenIds={new Set(stores.map((store) => store.id))}
            onPick={(store) => put([...stores, store])}
          />
          <Fault reason={fault} />
        </>
      )}
    </div>
  );
}

function Fault({ reason }: { reason: string | null }) {
  if (reason === null) return null;
  return (
    <p role="alert" className="text-danger text-xs font-medium">
      {reason}
    </p>
  );
}
