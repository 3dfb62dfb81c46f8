'use client';

import { type ReactNode, useId } from 'react';
import { cn } from '../../lib/utils.ts';
import { Label } from '../ui/label.tsx';

export interface FieldControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  readonly error?: string | null | undefined;
  readonly isOptional?: boolean;
  readonly className?: string;
  /** Renders the control with the ids that connect it to its label, description and error. */
  readonly children: (control: FieldControlProps) => ReactNode;
}

/** A form field: label, control, description and error, connected for assistive technology. */
export function Field({ label, description, error, isOptional = false, className, children }: FieldProps) {
  const id = useId();
  const descriptionId = `${id}-description`;
  const errorId = `${id}-error`;
  const describedBy = [error ? errorId : null, description ? descriptionId : null].filter(Boolean).join(' ');
  return (
    <div className={cn('grid gap-1.5', className)}>
      <div className="flex items-baseline justify-between gap-2">
        <Label htmlFor={id} className="text-ui">
          {label}
        </Label>
        {isOptional ? <span className="text-muted-foreground text-xs">Optional</span> : null}
      </div>
      {children({
        id,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': error ? true : undefined,
      })}
      {error ? (
        <p id={errorId} className="text-danger text-xs font-medium">
          {error}
        </p>
      ) : null}
      {description ? (
        <div id={descriptionId} className="text-muted-foreground text-xs text-pretty">
          {description}
        </div>
      ) : null}
    </div>
  );
}
