import type { DeletionPlan } from '@espejo/contracts';
import { describe, expect, it } from 'vitest';
import { confirmationPhrase, planPlace } from './plan-places.ts';

type Group = DeletionPlan['connections'][number];

const NOTHING = { stores: 0, filesToDelete: 0, filesKept: 0, attachmentsToDetach: 0 };

function through(name: string | null, counts: Partial<Group['counts']>): Group {
  const connectionId = name === null ? null : `conn_${name}`;
  return { connectionId, name, counts: { ...NOTHING, ...counts }, usageBytes: 0, fileBytes: 0 };
}

function planOf(connections: Group[], names: (string | null)[] = []): DeletionPlan {
  const sum = (key: keyof Group['counts']) => connections.reduce((total, { counts }) => total + counts[key], 0);
  return {
    connections,
    counts: {
      stores: sum('stores'),
      filesToDelete: sum('filesToDelete'),
      filesKept: sum('filesKept'),
      attachmentsToDetach: sum('attachmentsToDetach'),
      notFound: 0,
    },
    stores: names.map((name, i) => ({ id: `vs_${i}`, name })),
  } as DeletionPlan;
}

describe('planPlace', () => {
  it('names the only connection that the plan changes', () => {
    expect(planPlace(planOf([through('Acme EU', { stores: 1 })]))).toBe('in Acme EU');
  });

  it('counts several connections, without those in which everything is kept', () => {
    const kept = through('Acme US', { filesKept: 3 });
    expect(planPlace(planOf([through('Acme EU', { stores: 1 }), kept]))).toBe('in Acme EU');
    const detached = through('Acme US', { attachmentsToDetach: 1 });
    expect(planPlace(planOf([through('Acme EU', { stores: 1 }), detached]))).toBe('in 2 connections');
  });

  it('returns null for a plan of primary stores', () => {
    expect(planPlace(planOf([through(null, { stores: 2 })]))).toBeNull();
  });
});

describe('confirmationPhrase', () => {
  const one = planOf([through('Acme EU', { stores: 1, filesToDelete: 9 })], ['Product documentation']);
  const two = planOf([through('Acme EU', { stores: 1 }), through('Acme US', { stores: 1 })], ['test', 'test']);

  it('is the store’s name or the number of items if there is one connection', () => {
    expect(confirmationPhrase(one, false)).toBe('Product documentation');
    expect(confirmationPhrase(planOf([through('Acme EU', { filesToDelete: 60 })]), false)).toBe('delete 60 files');
    expect(confirmationPhrase(planOf([through('Acme EU', { stores: 1 })], [null]), false)).toBe('vs_0');
  });

  it('includes the connection’s name if there are several', () => {
    expect(confirmationPhrase(one, true)).toBe('Acme EU/Product documentation');
    expect(confirmationPhrase(two, true)).toBe('delete 2 vector stores in Acme EU, Acme US');
  });

  it('names at most three connections and counts the others', () => {
    const many = planOf(
      ['A', 'B', 'C', 'D', 'E'].map((name) => through(name, { stores: 1 })),
      ['x', 'x', 'x', 'x', 'x'],
    );
    expect(confirmationPhrase(many, true)).toBe('delete 5 vector stores in A, B, C and 2 more');
  });

  it('names no connection for a plan of primary stores', () => {
    expect(confirmationPhrase(planOf([through(null, { stores: 1 })], ['Ours']), true)).toBe('Ours');
  });
});
