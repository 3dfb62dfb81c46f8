'use client';

import { Field } from '@espejo/ui/blocks/field';
import { Input } from '@espejo/ui/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { useQuery } from '@tanstack/react-query';
import { asApiError } from '#lib/api/client.ts';
import { cronPreviewQuery } from '#lib/api/connections.ts';
import { formatAbsolute, formatRelative } from '#lib/format/time.ts';
import { useDebounced } from '#lib/hooks/use-debounced.ts';
import { useNow } from '#lib/hooks/use-now.ts';
import { describeCron } from '#lib/labels/cron.ts';

const PRESETS = [
  { expression: '*/5 * * * *', label: 'Every 5 minutes' },
  { expression: '*/15 * * * *', label: 'Every 15 minutes' },
  { expression: '0 * * * *', label: 'Every hour' },
  { expression: '0 */6 * * *', label: 'Every 6 hours' },
  { expression: '0 3 * * *', label: 'Every night at 03:00' },
  { expression: '0 3 * * 1-5', label: 'On weekdays at 03:00' },
] as const;
const CUSTOM = 'custom';
const SETTLE_MS = 250;

interface CronEditorProps {
  readonly expression: string;
  readonly onExpressionChange: (expression: string) => void;
}

/** A cron expression, from a preset or typed; the API checks it while it is typed and returns the next runs. */
export function CronEditor({ expression, onExpressionChange }: CronEditorProps) {
  const now = useNow();
  const settled = useDebounced(expression.trim(), SETTLE_MS);
  const preview = useQuery(cronPreviewQuery(settled));
  const isSettled = settled === expression.trim();
  const problem = expression.trim() === '' ? 'A cron expression is needed' : cronProblem(preview.error);
  const preset = PRESETS.find((one) => one.expression === expression.trim());

  return (
    <div className="grid gap-3">
      <Field label="Schedule">
        {(control) => (
          <Select
            value={preset?.expression ?? CUSTOM}
            onValueChange={(value) => {
              if (value !== CUSTOM) onExpressionChange(value);
            }}
          >
            <SelectTrigger {...control} className="w-full">
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              {PRESETS.map(({ expression: value, label }) => (
                <SelectItem key={value} value={value}>
                  {label}
                </SelectItem>
              ))}
              <SelectItem value={CUSTOM}>Custom, as below</SelectItem>
            </SelectContent>
          </Select>
        )}
      </Field>
      <Field
        label="Cron expression"
        error={isSettled ? problem : null}
        description={
          isSettled && problem === null && preview.data !== undefined ? (
            <>
              <p>{describeCron(settled) ?? 'Valid'}. Next:</p>
              <ol className="mt-1 grid gap-0.5 tabular-nums" aria-label="Next syncs">
                {preview.data.nextTicks.map((tick) => (
                  <li key={tick} className="flex justify-between gap-4">
                    <span>{formatAbsolute(tick)}</span>
                    <span>{formatRelative(tick, now)}</span>
                  </li>
                ))}
              </ol>
            </>
          ) : (
            'Five fields (minute, hour, day, month, weekday), or six with seconds first.'
          )
        }
      >
        {(control) => (
          <Input
            {...control}
            value={expression}
            maxLength={100}
            spellCheck={false}
            autoComplete="off"
            className="font-mono"
            onChange={(event) => onExpressionChange(event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}

function cronProblem(error: unknown): string | null {
  if (!error) return null;
  const fault = asApiError(error);
  return fault.code === 'invalid_cron' || fault.code === 'invalid_request'
    ? fault.message
    : `Could not be checked: ${fault.message}`;
}
