import type { SyncPhase } from '@espejo/core';
import type { ConnectionRow, Database, Lease, Repositories } from '@espejo/db';
import type { UpstreamPort } from '@espejo/upstream';
import type { Clock, Log } from '../../../ports.ts';
import { noteEvent } from '../../../telemetry/spans.ts';
import type { SyncSettings } from '../../context/sync-settings.ts';
import type { RunRecorder } from './run-recorder.ts';

export type SyncTrigger = 'schedule' | 'manual' | 'startup' | 'approval' | 'recovery';

export interface SyncRunSpec {
  readonly id: string;
  readonly trigger: SyncTrigger;
  readonly isDryRun: boolean;
  readonly isFull: boolean;
  readonly startedAtMs: number;
}

/** Shared by the phases of one run. */
export interface RunContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: SyncSettings;
  readonly tenantId: string;
  readonly connection: ConnectionRow;
  readonly run: SyncRunSpec;
  readonly upstream: UpstreamPort;
  readonly lease: Lease;
  readonly recorder: RunRecorder;
  /** Aborted by cancel, by a lost lease and by shutdown. */
  readonly signal: AbortSignal;
}

/**
 * Writes mirrored rows: one transaction that first proves that this run still holds its lease (a late write of a zombie
 * fails here) and takes the connection's mirror permit.
 */
export function writeMirror<T>(ctx: RunContext, work: (tx: Repositories) => Promise<T>): Promise<T> {
  return ctx.db.transaction(async (tx) => {
    await tx.leases.assertHeld(ctx.lease);
    await tx.mirrorPermits.grant(ctx.tenantId, ctx.connection.id);
    const result = await work(tx);
    await tx.mirrorPermits.revoke();
    return result;
  });
}

/** Writes the run's own records: held lease, no permit. */
export function writeRecord<T>(
  ctx: Pick<RunContext, 'db' | 'lease'>,
  work: (tx: Repositories) => Promise<T>,
): Promise<T> {
  return ctx.db.transaction(async (tx) => {
    await tx.leases.assertHeld(ctx.lease);
    return work(tx);
  });
}

/**
 * The instant of a `missing_since` set in this run: never before its start, or a clock that was set back meanwhile
 * would make the mark look like an earlier run's (rule 4).
 */
export function missingMarkMs(ctx: Pick<RunContext, 'clock' | 'run'>): number {
  return Math.max(ctx.clock.nowMs(), ctx.run.startedAtMs);
}

/** Yields to requests and timers of the server between two parts of synchronous work. */
export function yieldToServer(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Processes a long list in chunks and yields to the server in between. */
export async function inChunks<T>(
  items: readonly T[],
  size: number,
  work: (chunk: readonly T[]) => Promise<void>,
): Promise<void> {
  for (let i = 0; i < items.length; i += size) {
    if (i > 0) await yieldToServer();
    await work(items.slice(i, i + size));
  }
}

export function enterPhase(ctx: RunContext, phase: SyncPhase, total: number | null): void {
  ctx.signal.throwIfAborted();
  noteEvent(phase);
  ctx.recorder.enterPhase(phase, total);
}
