import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createCaller } from './calls.ts';

/** A thread that loads slowly and reports when it has loaded. */
const SLOW_START = `
  const { parentPort, workerData } = require('node:worker_threads');
  const state = new Int32Array(workerData);
  Atomics.store(state, 0, 1);
  Atomics.notify(state, 0);
  Atomics.wait(state, 1, 0, 200);
  Atomics.store(state, 0, 2);
  parentPort.postMessage('loaded');
  parentPort.on('message', ({ id }) => parentPort.postMessage({ id, isOk: true, value: null }));
`;

describe('a thread of the index', () => {
  it('is ended only after its native libraries are loaded, because an earlier end would crash the process', async () => {
    const shared = new SharedArrayBuffer(8);
    const state = new Int32Array(shared);
    const caller = createCaller<{ call: () => void }>(() => new Worker(SLOW_START, { eval: true, workerData: shared }));
    const call = caller.call('call', undefined);
    const refused = expect(call).rejects.toMatchObject({ code: 'closed' });
    await Atomics.waitAsync(state, 0, 0).value;
    await caller.stop();
    expect(Atomics.load(state, 0)).toBe(2);
    await refused;
  });

  it('is ended at once when it was never started', async () => {
    const caller = createCaller(() => {
      throw new Error('It is not needed.');
    });
    await caller.stop();
    await expect(caller.call('any', undefined)).rejects.toMatchObject({ code: 'closed' });
  });
});
