const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** The largest whole unit of a span, rounded down. */
export function formatSpan(seconds: number): string {
  const span = Math.max(0, Math.floor(seconds));
  if (span < MINUTE_S) return `${span} s`;
  if (span < HOUR_S) return `${Math.floor(span / MINUTE_S)} min`;
  if (span < DAY_S) return unit(Math.floor(span / HOUR_S), 'hour');
  if (span < 61 * DAY_S) return unit(Math.floor(span / DAY_S), 'day');
  if (span < 730 * DAY_S) return unit(Math.floor(span / (30.44 * DAY_S)), 'month');
  return unit(Math.floor(span / (365.25 * DAY_S)), 'year');
}

/** "just now", "5 min ago", "in 6 days". Both instants in unix seconds. */
export function formatRelative(atS: number, nowS: number): string {
  const delta = atS - nowS;
  if (Math.abs(delta) < MINUTE_S) return delta > 5 ? 'in under a minute' : 'just now';
  return delta > 0 ? `in ${formatSpan(delta)}` : `${formatSpan(-delta)} ago`;
}

/** The instant with date, time to the second and time zone, for hover. */
export function formatAbsolute(atS: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(atS * 1000);
}

/** The day of an instant, in UTC as snapshots are grouped: "3 Feb 2026". */
export function formatDay(atS: number): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    atS * 1000,
  );
}

/** A measured duration: "840 ms", "12.4 s", "3 min 05 s", "2 h 10 min". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < HOUR_S) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function unit(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
