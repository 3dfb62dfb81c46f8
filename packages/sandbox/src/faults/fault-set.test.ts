import { describe, expect, it } from 'vitest';
import { createSandbox } from '../create-sandbox.ts';
import { createCaller } from '../testing/caller.ts';
import type { FaultInput } from './fault.ts';

function setUp() {
  const sandbox = createSandbox();
  return { faults: sandbox.faults, call: createCaller(sandbox) };
}

describe('an injected fault', () => {
  const statuses = async (fault: FaultInput, paths: readonly string[]) => {
    const { faults, call } = setUp();
    faults.add(fault);
    const answers: number[] = [];
    for (const path of paths) {
      const [method = '', target = ''] = path.split(' ');
      answers.push((await call(method, target)).status);
    }
    return answers;
  };
  const status = { kind: 'status', status: 418 } as const;
  const lists = ['GET /files', 'GET /files', 'GET /files', 'GET /files'];

  it('applies to all requests without a limit', async () => {
    expect(await statuses(status, ['GET /files', 'GET /vector_stores', 'DELETE /files/x'])).toEqual([418, 418, 418]);
  });
  it('applies by method and path', async () => {
    const paths = [
      'GET /files',
      'DELETE /files/x',
      'GET /files/x',
      'GET /vector_stores/vs_1/files',
      'GET /vector_stores',
    ];
    expect(await statuses({ ...status, method: 'get', path: '/files' }, paths)).toEqual([418, 404, 404, 404, 200]);
    expect(await statuses({ ...status, path: '/files/*' }, paths)).toEqual([200, 418, 418, 404, 200]);
    expect(await statuses({ ...status, path: '/vector_stores/**' }, paths)).toEqual([200, 404, 404, 418, 418]);
    expect(await statuses({ ...status, path: '/vector_stores/*/files' }, paths)).toEqual([200, 404, 404, 418, 200]);
  });
  it('applies by query', async () => {
    const paths = ['GET /files', 'GET /files?limit=3', 'GET /files?limit=4'];
    expect(await statuses({ ...status, query: { limit: '4' } }, paths)).toEqual([200, 200, 418]);
    expect(await statuses({ ...status, query: { limit: '*' } }, paths)).toEqual([200, 418, 418]);
  });
  it('applies to the nth request, and to the given count', async () => {
    expect(await statuses({ ...status, nth: 3 }, lists)).toEqual([200, 200, 418, 200]);
    expect(await statuses({ ...status, nth: 2, count: 2 }, lists)).toEqual([200, 418, 418, 200]);
    expect(await statuses({ ...status, count: 1 }, lists)).toEqual([418, 200, 200, 200]);
  });
  it('applies with a probability, repeatably', async () => {
    const many = Array.from({ length: 200 }, () => 'GET /files');
    const once = await statuses({ ...status, probability: 0.3, seed: 7 }, many);
    expect(await statuses({ ...status, probability: 0.3, seed: 7 }, many)).toEqual(once);
    expect(await statuses({ ...status, probability: 0.3, seed: 8 }, many)).not.toEqual(once);
    const hits = once.filter((value) => value === 418).length;
    expect(hits).toBeGreaterThan(35);
    expect(hits).toBeLessThan(90);
  });
  it('applies until it is removed, and counts how often it did', async () => {
    const { faults, call } = setUp();
    const id = faults.add({ ...status, path: '/files', count: 1 });
    await call('GET', '/files');
    await call('GET', '/files');
    await call('GET', '/vector_stores');
    expect(faults.list()).toMatchObject([{ id, matched: 2, struck: 1 }]);
    expect(faults.remove(id)).toBe(true);
    expect(faults.remove(id)).toBe(false);
    expect(faults.list()).toEqual([]);
  });
  it('is rejected when it is malformed', () => {
    const { faults } = setUp();
    // @ts-expect-error: the kind does not exist
    expect(() => faults.add({ kind: 'nonsense' })).toThrow();
    // @ts-expect-error: the status is missing
    expect(() => faults.add({ kind: 'status' })).toThrow();
    expect(faults.list()).toEqual([]);
  });
});
