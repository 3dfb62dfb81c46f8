import cronstrue from 'cronstrue';

/** A cron expression in words, or null when it is not one the words are known for. */
export function describeCron(expression: string): string | null {
  try {
    return cronstrue.toString(expression, { use24HourTimeFormat: true, verbose: false });
  } catch {
    return null;
  }
}
