import { LIMITS } from '@espejo/contracts';
import { AppError } from '@espejo/core';
import { createTask, validateDetailed } from 'node-cron';

/** Throws `invalid_cron`, naming the field that is wrong. */
export function requireCron(expression: string): void {
  const { valid, errors } = validateDetailed(expression);
  if (valid) return;
  const [first] = errors;
  const reason = first === undefined ? '' : ` (${first.field}: ${first.message})`;
  throw new AppError(
    'invalid_cron',
    `'${expression}' is not a cron expression${reason}. Use five fields, as in '*/5 * * * *' for every five minutes.`,
  );
}

/** The next ticks of a valid expression, in unix seconds. */
export function nextTicks(expression: string, count: number = LIMITS.cronPreviewTicks): number[] {
  const task = createTask(expression, () => undefined);
  try {
    return task.getNextRuns(count).map((date) => Math.floor(date.getTime() / 1000));
  } finally {
    void task.destroy();
  }
}
