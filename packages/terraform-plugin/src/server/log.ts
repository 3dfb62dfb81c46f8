export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: Level, message: string, fields?: Readonly<Record<string, unknown>>) => void;

const LEVELS: readonly Level[] = ['trace', 'debug', 'info', 'warn', 'error'];

/**
 * The lowest level that the user asked to see, by the variables that core itself reads; null: none. Core throws away what
 * nobody asked for, but only after both sides have worked on each line.
 */
export function logLevelOf(env: Readonly<Record<string, string | undefined>>): Level | null {
  const asked = (env.TF_LOG_PROVIDER || env.TF_LOG || 'off').toLowerCase();
  if (asked === 'off') return null;
  // Core takes `json`, and any word it does not know, for trace.
  return LEVELS.find((level) => level === asked) ?? 'trace';
}

/**
 * A log as core reads it from a provider's stderr: a line of JSON each, with six decimals of the second. The user sees it
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
