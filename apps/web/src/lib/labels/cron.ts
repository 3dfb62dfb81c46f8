import cronstrue from 'cronstrue';

/** The description of a cron expression; null when it is not valid. */
export function describeCron(expression: string): string | null {
  try {
    return cronstrue.toString(expression, { use24HourTimeFormat: true, verbose: false });
  } catch {
    return null;
  }
}
