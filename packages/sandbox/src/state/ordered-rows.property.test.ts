import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type OrderedRow, OrderedRows } from './ordered-rows.ts';

it('ordered rows equal a sorted list, however they were added and removed', () => {
  const action = fc.record({ createdAt: fc.integer({ min: 0, max: 5 }), remove: fc.option(fc.nat(30)) });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const rows = new OrderedRows<OrderedRow>();
      let plain: OrderedRow[] = [];
      for (const [seq, { createdAt, remove }] of actions.entries()) {
        if (remove === null) {
          const row = { id: `row-${seq}`, createdAt, seq };
          rows.add(row);
          plain = [...plain, row].sort((a, b) => a.createdAt - b.createdAt || a.seq - b.seq);
        } else {
          const id = `row-${remove}`;
          const known = plain.find((row) => row.id === id);
          expect(rows.remove(id)).toBe(known);
          plain = plain.filter((row) => row !== known);
          expect(rows.positionOf(id)?.isRemoved).toBe(known === undefined ? rows.positionOf(id)?.isRemoved : true);
        }
      }
      expect([...rows.values()]).toEqual(plain);
      expect(rows.size).toBe(plain.length);
      for (const [index, row] of plain.entries()) {
        expect(rows.at(index)).toBe(row);
        expect(rows.get(row.id)).toBe(row);
        expect(rows.firstNotBefore(row)).toBe(index);
        expect(rows.firstAfter(row)).toBe(index + 1);
        expect(() => rows.add(row)).toThrow();
      }
    }),
    { numRuns: 300 },
  );
});
