import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createSandbox } from '../create-sandbox.ts';
import type { SandboxState } from './sandbox-state.ts';

type Step = { readonly verb: string; readonly a: number; readonly b: number };

const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom(
    'store',
    'file',
    'attach',
    'attach',
    'batch',
    'detach',
    'dropFile',
    'dropStore',
    'cancel',
    'wait',
  ),
  a: fc.nat(1000),
  b: fc.nat(1000),
});

/** Runs a history; steps without an object, or that the sandbox rejects, change nothing. */
function run(state: SandboxState, advance: (ms: number) => void, steps: readonly Step[]): void {
  const batches: { readonly storeId: string; readonly id: string }[] = [];
  for (const { verb, a, b } of steps) {
    const storeId = at(state.storeIds(), a);
    const fileId = at(state.fileIds(), b);
    try {
      if (verb === 'store') state.createStore({ expiresAfterDays: a % 4 === 0 ? 1 : null });
      else if (verb === 'file') {
        const filename = a % 5 === 0 ? 'x.png' : 'x.txt';
        state.createFile({ filename, content: 'x'.repeat(b), ...(a % 7 === 0 ? { expiresAfterSeconds: 3600 } : {}) });
      } else if (verb === 'wait') advance(a * 60_000);
      else if (verb === 'dropStore' && a % 3 === 0 && storeId !== undefined) state.deleteStore(storeId);
      else if (verb === 'dropFile' && fileId !== undefined) state.deleteFile(fileId);
      else if (verb === 'cancel') {
        const batch = at(batches, a);
        if (batch !== undefined) state.cancelBatch(batch.storeId, batch.id);
      } else if (storeId !== undefined && fileId !== undefined) {
        if (verb === 'attach') state.attach({ storeId, fileId });
        if (verb === 'detach') state.detach(storeId, fileId);
        if (verb === 'batch')
          batches.push(
            state.createBatch(
              storeId,
              state
                .fileIds()
                .slice(0, 3)
                .map((id) => ({ fileId: id })),
            ),
          );
      }
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'OpenAiError') throw error;
    }
  }
}

function at<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length];
}

describe('any history of a sandbox', () => {
  it('keeps the counts and bytes of stores equal to their files', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.constantFrom(0, 90_000), (steps, processingDelayMs) => {
        const clock = createManualClock(1_760_000_000_000);
        const { state } = createSandbox({ clock, processingDelayMs });
        run(state, clock.advance, steps);
        const { stores, files, attachments } = state.snapshot();
        const fileIds = new Set(files.map((file) => file.id));
        for (const store of stores) {
          const rows = attachments.get(store.id) ?? [];
          const count = (status: string) => rows.filter((row) => row.status === status).length;
          expect(store.file_counts).toEqual({
            in_progress: count('in_progress'),
            completed: count('completed'),
            failed: count('failed'),
            cancelled: count('cancelled'),
            total: rows.length,
          });
          expect(store.usage_bytes).toBe(rows.reduce((sum, row) => sum + Number(row.usage_bytes), 0));
          if (store.status === 'expired') expect(rows).toEqual([]);
          else expect(store.status).toBe(count('in_progress') > 0 ? 'in_progress' : 'completed');
          for (const row of rows) expect(fileIds.has(row.id)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same ids and rows when it is repeated', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer(), (steps, seed) => {
        const take = () => {
          const clock = createManualClock(1_760_000_000_000);
          const { state } = createSandbox({ clock, seed });
          run(state, clock.advance, steps);
          return state.snapshot();
        };
        expect(take()).toEqual(take());
      }),
      { numRuns: 50 },
    );
  });
});
