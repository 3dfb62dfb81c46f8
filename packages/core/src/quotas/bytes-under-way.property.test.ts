import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBytesUnderWay, type TransferUnderWay } from './bytes-under-way.ts';

const OPEN_MAX = 5;
const tenantIds = fc.constantFrom('a', 'b');
const groups = fc.constantFrom(null, 'upload-1', 'upload-2');
const commands = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('open' as const), tenantId: tenantIds, group: groups }),
    fc.record({ type: fc.constant('grow' as const), at: fc.nat(20), bytes: fc.nat(60), roomBytes: fc.nat(150) }),
    fc.record({
      type: fc.constant('close' as const),
      at: fc.nat(20),
      end: fc.constantFrom('recorded' as const, 'dropped' as const),
    }),
  ),
  { maxLength: 120 },
);

interface Known {
  readonly tenantId: string;
  readonly group: string;
  readonly transfer: TransferUnderWay;
  bytes: number;
  isOpen: boolean;
}

/** A plain sum over a tenant's transfers: every group counts what exceeds its reserved bytes. */
function sumOf(all: readonly Known[], covered: ReadonlyMap<string, number>, tenantId: string): number {
  const open = all.filter((one) => one.isOpen && one.tenantId === tenantId);
  const names = new Set(open.map(({ group }) => group));
  return [...names].reduce((sum, name) => {
    const bytes = open.filter(({ group }) => group === name).reduce((total, one) => total + one.bytes, 0);
    return sum + Math.max(0, bytes - (covered.get(name) ?? 0));
  }, 0);
}

describe('the bytes in progress', () => {
  it('are what the open transfers received beyond their recorded bytes, and never exceed the available space', () => {
    fc.assert(
      fc.property(commands, (steps) => {
        const underWay = createBytesUnderWay();
        const all: Known[] = [];
        const covered = new Map<string, number>();
        for (const [step, command] of steps.entries()) {
          if (command.type === 'open') {
            const { tenantId } = command;
            const group = command.group === null ? `alone-${step}` : `${tenantId}/${command.group}`;
            const openCount = all.filter((one) => one.isOpen && one.tenantId === tenantId).length;
            const isShared = all.some((one) => one.isOpen && one.group === group);
            const transfer = underWay.open({
              tenantId,
              openMax: OPEN_MAX,
              ...(command.group !== null && { group: { key: command.group, coveredBytes: 40 } }),
            });
            expect(transfer !== undefined).toBe(openCount < OPEN_MAX);
            if (transfer === undefined) continue;
            if (!isShared) covered.set(group, command.group === null ? 0 : 40);
            all.push({ tenantId, group, transfer, bytes: 0, isOpen: true });
          } else {
            const known = all[command.at % Math.max(1, all.length)];
            if (known === undefined) continue;
            if (command.type === 'grow') {
              const before = sumOf(all, covered, known.tenantId);
              known.bytes += command.bytes;
              const after = sumOf(all, covered, known.tenantId);
              const fits = known.isOpen && (after === before || after <= command.roomBytes);
              if (!fits) known.bytes -= command.bytes;
              expect(known.transfer.grow(command.bytes, command.roomBytes)).toBe(fits);
            } else {
              if (known.isOpen && command.end === 'recorded')
                covered.set(known.group, Math.max(0, (covered.get(known.group) ?? 0) - known.bytes));
              known.isOpen = false;
              known.transfer.close(command.end);
            }
          }
          for (const tenantId of ['a', 'b']) expect(underWay.bytesOf(tenantId)).toBe(sumOf(all, covered, tenantId));
        }
        for (const { transfer } of all) transfer.close('dropped');
        expect([underWay.bytesOf('a'), underWay.openCountOf('a'), underWay.bytesOf('b')]).toEqual([0, 0, 0]);
      }),
    );
  });

  it('never exceed the quota together with the recorded bytes, however parts and forms interleave', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 9 }), fc.boolean())), (steps) => {
        const quotaBytes = 100;
        const underWay = createBytesUnderWay();
        // An upload announced with 30 bytes is recorded as 30, or as its parts when they are more.
        let [fileBytes, partBytes] = [0, 0];
        const recorded = () => fileBytes + Math.max(30, partBytes);
        const open = new Map<number, { transfer: TransferUnderWay; bytes: number }>();
        for (const [slot, bytes, isEnd] of steps) {
          const isPart = slot >= 4;
          const group = isPart ? { group: { key: 'upload', coveredBytes: Math.max(0, 30 - partBytes) } } : {};
          const known = open.get(slot) ?? {
            transfer: underWay.open({ tenantId: 'a', openMax: 8, ...group }) as TransferUnderWay,
            bytes: 0,
          };
          open.set(slot, known);
          if (known.transfer.grow(bytes, quotaBytes - recorded())) known.bytes += bytes;
          if (isEnd) {
            if (isPart) partBytes += known.bytes;
            else fileBytes += known.bytes;
            known.transfer.close('recorded');
            open.delete(slot);
          }
          expect(recorded() + underWay.bytesOf('a')).toBeLessThanOrEqual(quotaBytes);
        }
      }),
    );
  });
});
