import { describe, expect, it } from 'vitest';
import { createSandbox } from '../create-sandbox.ts';
import { createCaller } from '../testing/caller.ts';
import { RECORDED } from '../testing/recorded.ts';

const sandbox = createSandbox();
const call = createCaller(sandbox);

describe('errors of /files have their own messages, which are sent twice', () => {
  it.each([
    ['/files?limit=0', "0 is less than the minimum of 1 - 'limit'", 'limit'],
    ['/files?limit=10001', "10001 is greater than the maximum of 10000 - 'limit'", 'limit'],
    ['/files?limit=ten', "'ten' is not of type 'integer' - 'limit'", 'limit'],
    ['/files?order=up', "'up' is not one of ['asc', 'desc'] - 'order'", 'order'],
  ])('rejects the query %s', async (path, message, param) => {
    expect((await call('GET', path)).json).toEqual({
      error: { message, type: 'invalid_request_error', param, code: null },
      detail: { message, code: null },
    });
  });

  const post = async (fields: Readonly<Record<string, string | File>>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const request = new Request('http://sandbox.test', { method: 'POST', body: form });
    const delivery = await sandbox.handle({
      method: 'POST',
      path: '/v1/files',
      query: '',
      headers: { authorization: 'Bearer x', 'content-type': request.headers.get('content-type') ?? '' },
      body: new Uint8Array(await request.arrayBuffer()),
    });
    if (delivery.kind !== 'reply') throw new Error(delivery.kind);
    return { status: delivery.reply.status, json: JSON.parse(String(delivery.reply.body)) };
  };
  const file = new File(['x'], 'a.txt');
  const assistants = { file, purpose: 'assistants' };
  const [anchor, seconds] = ['expires_after[anchor]', 'expires_after[seconds]'] as const;

  it('rejects a file without bytes, and one without a name of its own', async () => {
    expect((await post({ ...assistants, file: new File([], 'a.txt') })).json.error).toMatchObject({
      message: 'File is empty.',
      param: 'file',
    });
    expect((await post({ ...assistants, file: new File(['x'], '..') })).status).toBe(400);
    expect((await post({ ...assistants, file: new File(['x'], '../b\0.txt') })).json.filename).toBe('b.txt');
  });

  it('rejects a wrong purpose, as recorded', async () => {
    expect(await post({ file, purpose: 'world_domination' })).toEqual({ status: 400, json: RECORDED.wrongPurpose });
  });
  it.each<[string, Readonly<Record<string, string | File>>]>([
    ["'file' is a required property", { purpose: 'assistants' }],
    ["'purpose' is a required property", { file }],
    ["Additional properties are not allowed ('name' was unexpected)", { file, purpose: 'assistants', name: 'b' }],
    [
      "3599 is less than the minimum of 3600 - 'expires_after.seconds'",
      { ...assistants, [anchor]: 'created_at', [seconds]: '3599' },
    ],
    [
      "2592001 is greater than the maximum of 2592000 - 'expires_after.seconds'",
      { ...assistants, [anchor]: 'created_at', [seconds]: '2592001' },
    ],
    [
      "'soon' is not of type 'integer' - 'expires_after.seconds'",
      { ...assistants, [anchor]: 'created_at', [seconds]: 'soon' },
    ],
    ["'null' is not one of ['created_at'] - 'expires_after.anchor'", { ...assistants, [seconds]: '3600' }],
  ])('rejects a form: %s', async (message, fields) => {
    const answer = await post(fields);
    expect(answer).toMatchObject({ status: 400, json: { error: { message }, detail: { message } } });
  });
});
