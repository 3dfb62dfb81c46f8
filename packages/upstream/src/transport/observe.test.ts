import { expect, it, onTestFinished } from 'vitest';
import { createOpenAiUpstream } from '../openai-upstream.ts';
import { type Script, sendError, sendJson, startScriptedServer } from '../testing/scripted-server.ts';
import { routeOf } from './observe.ts';

it.each([
  ['/vector_stores', '/vector_stores'],
  ['/vector_stores/vs_1/files/file-2/content', '/vector_stores/{id}/files/{id}/content'],
  ['/files/What%20I%20earn.pdf', '/files/{id}'],
  ['/uploads/upload_1/parts', '/uploads/{id}/parts'],
])('the route of %s is %s', (path, route) => {
  expect(routeOf(path)).toBe(route);
});

/** What an observer receives while the script answers one probe of a store. */
async function observed(script: Script): Promise<string[]> {
  const server = await startScriptedServer(script);
  onTestFinished(() => server.close());
  const told: string[] = [];
  const upstream = createOpenAiUpstream({
    baseUrl: server.baseUrl,
    apiKey: 'sk-secret',
    sleep: async () => undefined,
    retryMax: 1,
    observe: ({ verb, route, retryCount }) => {
      told.push(`${verb} ${route} #${retryCount}`);
      return ({ status, requestId, fault }) => told.push(`${status} ${requestId} ${fault}`);
    },
  });
  await upstream.probeVectorStore('vs_1').catch(() => undefined);
  return told;
}

it('an observer is called for every try, with how each ended', async () => {
  const told = await observed(({ index }, response) => {
    if (index === 0) sendError(response, 503, { message: 'later' });
    else sendJson(response, 200, { id: 'vs_1', object: 'vector_store' }, { 'x-request-id': 'req_up' });
  });
  expect(told).toEqual([
    'GET /vector_stores/{id} #0',
    '503 null null',
    'GET /vector_stores/{id} #1',
    '200 req_up null',
  ]);
});

it('an observer gets the kind of error when there is no status', async () => {
  expect(await observed((_request, response) => void response.destroy())).toEqual([
    'GET /vector_stores/{id} #0',
    'null null connection',
    'GET /vector_stores/{id} #1',
    'null null connection',
  ]);
});
