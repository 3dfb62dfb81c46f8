import { afterEach, describe, expect, it } from 'vitest';
import { createOpenAiUpstream } from '../openai-upstream.ts';
import { type ScriptedServer, sendError, sendJson, startScriptedServer } from '../testing/scripted-server.ts';

const FILES = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ id: `file-${name}`, filename: `${name}.csv`, bytes: 10 }));
const page = (data: object[], hasMore = false) => ({ object: 'list', data, has_more: hasMore });
type Answers = Readonly<Record<string, object | number>>;

describe('readToolUses', () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  /** Responses by path; a number is a status; a missing path has no endpoint. */
  async function ask(answers: Answers) {
    server = await startScriptedServer(({ path, query, method }, response) => {
      const after = query.get('after');
      const answer = answers[after === null ? path : `${path}?after=${after}`];
      if (answer === undefined) return sendError(response, 404, { message: `Invalid URL (${method} /v1${path})` });
      if (typeof answer === 'number') return sendError(response, answer, { message: 'no' });
      return sendJson(response, 200, answer);
    });
    const upstream = createOpenAiUpstream({ baseUrl: server.baseUrl, apiKey: 'sk-1', backoffMs: 0, retryMax: 0 });
    const { states, usesOf } = await upstream.readToolUses(FILES);
    const holders = [...usesOf].map(([id, uses]) => [id, uses.map((use) => `${use.source}/${use.holderId}`)]);
    return {
      states,
      uses: Object.fromEntries(holders),
      paths: server.requests.map(({ url }) => url.split('limit')[0]),
    };
  }

  it('finds no use when the server has no tools, with two requests', async () => {
    const { states, uses, paths } = await ask({});
    expect(states).toEqual({ containers: 'absent', assistants: 'absent', threads: 'absent' });
    expect([uses, paths]).toEqual([{}, ['/containers?', '/assistants?']]);
  });

  it('finds the files of containers, page by page, except of expired ones', async () => {
    const { states, uses, paths } = await ask({
      '/containers': page([{ id: 'c1', status: 'running', last_active_at: 5 }], true),
      '/containers?after=c1': page([{ id: 'c2' }, { id: 'c3', status: 'expired' }]),
      '/containers/c1/files': page([{ id: 'cfile_1', path: '/mnt/data/file-a-a.csv' }], true),
      '/containers/c1/files?after=cfile_1': page([{ id: 'cfile_2', path: '/mnt/data/x-b.csv', bytes: 10 }]),
      '/containers/c2/files': page([{ id: 'file-c' }, { id: 'file-zz' }]),
    });
    expect(states.containers).toBe('read');
    expect(uses).toEqual({ 'file-a': ['containers/c1'], 'file-b': ['containers/c1'], 'file-c': ['containers/c2'] });
    expect(paths).toHaveLength(6);
  });

  it('finds files of assistants and threads: of their code interpreter, their messages, and the first version of the API', async () => {
    const { states, uses } = await ask({
      '/assistants': page([
        { id: 'asst_1', tool_resources: { code_interpreter: { file_ids: ['file-a'] } } },
        { id: 'asst_2', file_ids: ['file-b'] },
      ]),
      '/threads': page([{ id: 'th_1', tool_resources: { code_interpreter: { file_ids: ['file-c'] } } }]),
      '/threads/th_1/messages': page([
        {
          id: 'm1',
          attachments: [{ file_id: 'file-d' }],
          content: [{ type: 'image_file', image_file: { file_id: 'file-e' } }],
        },
      ]),
    });
    expect(states).toEqual({ containers: 'absent', assistants: 'read', threads: 'read' });
    expect(Object.keys(uses).sort()).toEqual(FILES.map(({ id }) => id));
  });

  it('reports threads as unknown when there are assistants and no list of threads', async () => {
    const { states } = await ask({ '/assistants': page([]) });
    expect(states).toEqual({ containers: 'absent', assistants: 'read', threads: 'unknown' });
  });

  it.each<[string, Answers]>([
    ['refuses', { '/containers': 403 }],
    ['fails', { '/containers': 500 }],
    ['sends something else', { '/containers': { object: 'page' } }],
    [
      'sends has_more for ever',
      {
        '/containers': page([{ id: 'c1', status: 'expired' }], true),
        '/containers?after=c1': page([{ id: 'c1', status: 'expired' }], true),
      },
    ],
    ['loses a container during the listing', { '/containers': page([{ id: 'c1' }]) }],
  ])('reports uses as unknown when upstream %s', async (_, answers) => {
    expect((await ask(answers)).states.containers).toBe('unknown');
  });

  it('keeps what was found before the list broke off', async () => {
    const { states, uses } = await ask({
      '/containers': page([{ id: 'c1' }, { id: 'c2' }]),
      '/containers/c1/files': page([{ id: 'file-a' }]),
      '/containers/c2/files': 500,
    });
    expect([states.containers, uses]).toEqual(['unknown', { 'file-a': ['containers/c1'] }]);
  });

  it('sends a bounded number of requests, however many containers there are', async () => {
    const many = Array.from({ length: 600 }, (_, i) => ({ id: `c${i}` }));
    const files = Object.fromEntries(many.map(({ id }) => [`/containers/${id}/files`, page([])]));
    const { states, paths } = await ask({ '/containers': page(many), ...files });
    expect(states.containers).toBe('unknown');
    expect(paths.length).toBeLessThanOrEqual(501);
  });
});
