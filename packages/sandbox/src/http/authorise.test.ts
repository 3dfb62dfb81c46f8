import { describe, expect, it } from 'vitest';
import { createSandbox } from '../create-sandbox.ts';
import { createCaller } from '../testing/caller.ts';

describe('API keys of the sandbox', () => {
  const locked = createSandbox({ keys: { 'sk-one': 'proj_1', 'sk-two': 'proj_2' } });
  const get = (headers: Readonly<Record<string, string>>) =>
    locked.handle({ method: 'GET', path: '/v1/vector_stores', query: '', headers, body: new Uint8Array() });

  it('belong to one project each', async () => {
    locked.state.createStore({ name: 'of one' });
    locked.stateOf('proj_2').createStore({ name: 'of two' });
    for (const [key, name] of [
      ['sk-one', 'of one'],
      ['sk-two', 'of two'],
    ] as const) {
      const { json } = await createCaller(locked, key)('GET', '/vector_stores');
      expect(json.data).toMatchObject([{ name }]);
    }
    const [one, two] = [locked.state.storeIds()[0], locked.stateOf('proj_2').storeIds()[0]];
    expect(one).not.toBe(two);
  });
  it('are rejected with 401 when wrong or missing', async () => {
    const wrong = await createCaller(locked, 'sk-wrong-key-of-somebody')('GET', '/files');
    expect(wrong.status).toBe(401);
    expect(wrong.headers).not.toHaveProperty('openai-project');
    expect(wrong.json.error).toMatchObject({ code: 'invalid_api_key', type: 'invalid_request_error' });
    expect(wrong.json.error.message).toContain('sk-w****************body');
    expect(await get({})).toMatchObject({ reply: { status: 401 } });
  });
  it('must match the organization and project in the headers', async () => {
    const authorization = 'Bearer sk-one';
    expect(await get({ authorization, 'openai-project': 'proj_1' })).toMatchObject({ reply: { status: 200 } });
    const mismatch = await get({ authorization, 'openai-project': 'proj_2' });
    expect(mismatch).toMatchObject({ reply: { status: 401, body: expect.stringContaining('mismatched_project') } });
    const foreign = await get({ authorization, 'openai-organization': 'org-other' });
    expect(foreign).toMatchObject({ reply: { status: 401, body: expect.stringContaining('mismatched_organization') } });
  });
});
