import { createDeletionHarness, type DeletionHarness, type DeletionHarnessOptions } from './deletion-harness.ts';
import { HOUR_MS } from './sync-harness.ts';

export interface ThreeStores {
  readonly h: DeletionHarness;
  readonly state: DeletionHarness['sandbox']['state'];
  readonly one: string;
  readonly two: string;
  readonly three: string;
  readonly four: string;
  readonly a: string;
  readonly b: string;
  readonly c: string;
}

/**
 * Three synced stores: `a` has files one and two, `b` has two and three, `c` has four. Old enough to be beyond every
 * grace period.
 */
export async function threeStores(options: DeletionHarnessOptions = {}): Promise<ThreeStores> {
  const h = await createDeletionHarness(options);
  const { state } = h.sandbox;
  const [one, two, three, four] = ['one', 'two', 'three', 'four'].map(
    (name) => state.createFile({ filename: `${name}.txt`, content: `text of ${name}` }).id,
  ) as [string, string, string, string];
  const a = state.createStore({ name: 'A', fileIds: [one, two] }).id;
  const b = state.createStore({ name: 'B', fileIds: [two, three] }).id;
  const c = state.createStore({ name: 'C', fileIds: [four] }).id;
  h.clock.advance(2 * HOUR_MS);
  await h.sync();
  h.takeRequests();
  return { h, state, one, two, three, four, a, b, c };
}
