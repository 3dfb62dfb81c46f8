'use client';

import { LIMITS } from '@espejo/contracts';
import { Field } from '@espejo/ui/blocks/field';
import { cn } from '@espejo/ui/lib/utils';
import { Input } from '@espejo/ui/ui/input';
import { EyeIcon, EyeOffIcon } from 'lucide-react';
import { useState } from 'react';
import { passwordStrength } from '#lib/format/password-strength.ts';

interface PasswordFieldProps {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly label?: string;
  readonly error?: string | null;
  /** `new` shows the strength; `current` does not. */
  readonly kind: 'new' | 'current';
}

/** A password field that can be shown as text. */
export function PasswordField({ value, onValueChange, label = 'Password', error = null, kind }: PasswordFieldProps) {
  const [isShown, setIsShown] = useState(false);
  const Icon = isShown ? EyeOffIcon : EyeIcon;
  return (
    <Field label={label} error={error} description={kind === 'new' ? <Strength password={value} /> : undefined}>
      {(control) => (
        <div className="relative">
          <Input
            {...control}
            type={isShown ? 'text' : 'password'}
            name={kind === 'new' ? 'new-password' : 'password'}
            autoComplete={kind === 'new' ? 'new-password' : 'current-password'}
            autoCapitalize="none"
            spellCheck={false}
            required
            maxLength={LIMITS.passwordMax}
            {...(kind === 'new' ? { minLength: LIMITS.passwordMin } : {})}
            value={value}
            onChange={(event) => onValueChange(event.target.value)}
            className="pr-10"
          />
          <button
            type="button"
            aria-pressed={isShown}
            onClick={() => setIsShown((before) => !before)}
            className="text-muted-foreground hover:text-foreground focus-visible:ring-ring/60 absolute inset-y-1 right-1 grid w-8 place-items-center rounded-sm outline-none focus-visible:ring-2"
          >
            <Icon aria-hidden="true" className="size-4" />
            <span className="sr-only">Show {label.toLowerCase()}</span>
          </button>
        </div>
      )}
    </Field>
  );
}

const TONES = { danger: 'bg-danger', warning: 'bg-warning', success: 'bg-success' } as const;

function Strength({ password }: { password: string }) {
  const { bars, tone, words } = passwordStrength(password);
  return (
    <div className="grid gap-1">
      <div aria-hidden="true" className="mt-0.5 grid grid-cols-4 gap-1">
        {[1, 2, 3, 4].map((bar) => (
          <span
            key={bar}
            className={cn('h-1 rounded-full transition-colors', bar <= bars ? TONES[tone] : 'bg-border')}
          />
        ))}
      </div>
      <span role="status">{words}</span>
    </div>
  );
}
