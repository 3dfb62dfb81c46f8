import type { ConnectionRow } from '@espejo/db';
import { context, INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../ports.ts';
import { enableAsyncContext } from '../telemetry/async-context.ts';
import { openScope, scopeFields } from '../telemetry/spans.ts';
import { createScheduler, type SchedulerOptions } from './scheduler.ts';

const log: Log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const row = (fields: Partial<ConnectionRow> = {}) =>
  ({ tenantId: 't', id: 'c', syncCron: '* * * * *', isEnabled: true, isSyncEnabled: true, ...fields }) as ConnectionRow;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 15, 9, 0, 30) });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(options: Partial<SchedulerOptions> = {}) {
  const onTick = vi.fn((_: { tenantId: string; id: string }) => Promise.resolve());
  const scheduler = createScheduler({ isEnabled: true, log, onTick, ...options });
  return { scheduler, onTick, minutes: (count: number) => vi.advanceTimersByTimeAsync(count * 60_000) };
}

describe('the schedule', () => {
  it('ticks each connection by its own expression', async () => {
    const { scheduler, onTick, minutes } = setUp();
    scheduler.set(row());
    scheduler.set(row({ id: 'slow', syncCron: '*/5 * * * *' }));
    await minutes(10);
    const ticks = (id: string) => onTick.mock.calls.filter(([connection]) => connection.id === id);
    expect(ticks('c')).toHaveLength(10);
    expect(ticks('slow')).toHaveLength(2);
    expect(onTick).toHaveBeenCalledWith({ tenantId: 't', id: 'slow' });
    scheduler.stop();
  });

  it('ticks without the context of the request that scheduled the connection', async () => {
    enableAsyncContext();
    const seen: unknown[] = [];
    const { scheduler, minutes } = setUp({ onTick: async () => void seen.push(scopeFields()) });
    const scope = openScope({ reqId: 'req_1' }, trace.wrapSpanContext(INVALID_SPAN_CONTEXT));
    await context.with(scope, async () => {
      expect(scopeFields()).toEqual({ reqId: 'req_1' });
      scheduler.set(row());
      await minutes(1);
    });
    expect(seen).toEqual([{}]);
    scheduler.stop();
  });

  it('follows an edit at once and keeps one task per connection', async () => {
    const { scheduler, onTick, minutes } = setUp();
    scheduler.set(row());
    scheduler.set(row({ syncCron: '*/5 * * * *' }));
    await minutes(10);
    expect(onTick).toHaveBeenCalledTimes(2);
    scheduler.stop();
  });

  it.each([
    ['disabled', { isEnabled: false }],
    ['automatic sync is off', { isSyncEnabled: false }],
  ])('unschedules a connection that is %s', async (_, fields) => {
    const { scheduler, onTick, minutes } = setUp();
    scheduler.set(row());
    scheduler.set(row(fields));
    await minutes(3);
    expect(onTick).not.toHaveBeenCalled();
  });

  it('does not tick when it is disabled for all, after a removal, and after its end', async () => {
    const off = setUp({ isEnabled: false });
    off.scheduler.set(row());
    const { scheduler, onTick, minutes } = setUp();
    scheduler.set(row());
    scheduler.set(row({ id: 'other' }));
    scheduler.remove(row());
    scheduler.stop();
    await minutes(3);
    expect(off.onTick).not.toHaveBeenCalled();
    expect(onTick).not.toHaveBeenCalled();
  });

  it('row 14: skips ticks while the last one is still running, and goes on after it', async () => {
    const gate = Promise.withResolvers<void>();
    const onTick = vi.fn(() => gate.promise);
    const { scheduler, minutes } = setUp({ onTick });
    scheduler.set(row());
    await minutes(5);
    expect(onTick).toHaveBeenCalledTimes(1);
    gate.resolve();
    await minutes(2);
    expect(onTick).toHaveBeenCalledTimes(3);
    scheduler.stop();
  });

  it('logs a tick that fails, and goes on', async () => {
    const onTick = vi.fn(() => Promise.reject(new Error('broken')));
    const { scheduler, minutes } = setUp({ onTick });
    scheduler.set(row());
    await minutes(3);
    expect(onTick).toHaveBeenCalledTimes(3);
    expect(log.error).toHaveBeenCalled();
    scheduler.stop();
  });
});
