import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../lib/stats.ts';
import { callJson, type Send } from './http.ts';
import { words } from './texts.ts';

const STORES = 20;
const FILES_PER_STORE = 20;
const WORDS_PER_FILE = 1_500;
const POLL_MS = 200;

/** The initial data: primary stores to read and search, and mirrors. */
export interface Stage {
  readonly primaryIds: readonly string[];
  readonly mirrorIds: readonly string[];
  readonly connectionId: string;
}

/** Creates the initial data over the API: primary stores with ingested files, and a complete mirror. */
export async function setStage(send: Send): Promise<Stage> {
  const random = seededRandom(7);
  const primaryIds: string[] = [];
  for (let index = 0; index < STORES; index += 1) {
    const store = await callJson<{ id: string }>(send, 'POST', '/api/vector-stores', { name: `shared ${index}` });
    primaryIds.push(store.id);
    for (let file = 0; file < FILES_PER_STORE; file += 1) {
      const path = `/api/vector-stores/${store.id}/uploads?filename=file-${file}.txt`;
      const { status, text } = await send('POST', path, { type: 'text/plain', bytes: words(random, WORDS_PER_FILE) });
      if (status !== 201) throw new Error(`POST ${path}: ${status} ${text}`);
    }
  }
  for (const id of primaryIds) {
    while ((await callJson<{ status: string }>(send, 'GET', `/api/vector-stores/${id}`)).status !== 'completed')
      await delay(POLL_MS);
  }
  const { data: connections } = await callJson<{ data: { id: string }[] }>(send, 'GET', '/api/connections');
  const connectionId = connections[0]?.id ?? '';
  // The sync at the start may have ended; another sync is short.
  for (;;) {
    const { data } = await callJson<{ data: { status: string }[] }>(send, 'GET', '/api/sync-runs?limit=1');
    if (data[0] !== undefined && data[0].status !== 'running') break;
    await delay(POLL_MS);
  }
  const mirrors = await callJson<{ data: { id: string }[] }>(send, 'GET', '/api/vector-stores?source=cache&limit=200');
  return { primaryIds, mirrorIds: mirrors.data.map(({ id }) => id), connectionId };
}
