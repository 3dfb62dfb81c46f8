export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: Level, message: string, fields?: Readonly<Record<string, unknown>>) => void;

const LEVELS: readonly Level[] = ['trace', 'debug', 'info', 'warn', 'error'];

/**
 * The lowest level to log, from the variables that core itself reads; null: none. Core discards lower levels
 * too, but only after both sides have processed each line.
 */
export function logLevelOf(env: Readonly<Record<string, string | undefined>>): Level | null {
  const asked = (env.TF_LOG_PROVIDER || env.TF_LOG || 'off').toLowerCase();
  if (asked === 'off') return null;
  // Core treats `json`, and any unknown word, as trace.
  return LEVELS.find((level) => level === asked) ?? 'trace';
}

/**
 * A log in the format that core reads from a provider's stderr: JSON lines, with six decimals of the second. The user sees it
 * with TF_LOG or TF_LOG_PROVIDER.
 */
export function createLog(
  write: (line: string) => void,
  {
    module,
    levelMin,
    now,
    redact,
  }: { module: string; levelMin: Level | null; now: () => Date; redact: (text: string) => string },
): Log {
  const shown = new Set(levelMin === null ? [] : LEVELS.slice(LEVELS.indexOf(levelMin)));
  return (level, message, fields = {}) => {
    if (!shown.has(level)) return;
    const timestamp = now().toISOString().replace(/Z$/, '000Z');
    const line = { ...fields, '@level': level, '@message': message, '@timestamp': timestamp, '@module': module };
    write(`${redact(JSON.stringify(line))}\n`);
  };
}
