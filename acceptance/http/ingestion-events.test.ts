import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { collectIngestionEvents } from '../support/events.ts';
import { expectError } from '../support/http.ts';

const WORDS = 60_000;

describe('the progress stream of files being ingested', () => {
  let espejo: Espejo;
  let client: OpenAI;
  beforeAll(async () => {
    espejo = await startEspejo({ env: { ESPEJO_SYNC_ENABLED: 'false' } });
    client = new OpenAI({ apiKey: API_KEY, baseURL: `${espejo.url}/v1`, maxRetries: 0 });
  });
  afterAll(() => espejo?.[Symbol.asyncDispose]());

  it('reports the stage of each file, chunk by chunk, and ends when no file is left', async () => {
    const { id: storeId } = await client.vectorStores.create({ name: 'Long' });
    const text = Array.from({ length: WORDS }, (_, i) => `word${i % 997}`).join(' ');
    const file = await client.files.create({
      file: await toFile(Buffer.from(text), 'long.txt'),
      purpose: 'assistants',
    });
    await client.vectorStores.files.create(storeId, { file_id: file.id });
    const events = await collectIngestionEvents(espejo, storeId);
    expect(events.at(-1)).toEqual({ type: 'end', data: { file: null } });
    const reported = events.flatMap(({ data }) => data.file ?? []);
    expect(reported.every((one) => one.id === file.id)).toBe(true);
    const counts = reported.filter((one) => one.phase === 'embedding').map((one) => one.doneChunks);
    expect(counts.length).toBeGreaterThan(1);
    expect(counts.toSorted((a, b) => a - b)).toEqual(counts);
    expect(reported.at(-1)).toMatchObject({ status: 'completed' });
    expect((await client.vectorStores.files.retrieve(file.id, { vector_store_id: storeId })).status).toBe('completed');
  });

  it('ends at once when nothing is being ingested, and answers 404 for an unknown store', async () => {
    const { id } = await client.vectorStores.create({ name: 'Empty' });
    expect((await collectIngestionEvents(espejo, id)).map((event) => event.type)).toEqual(['progress', 'end']);
    expectError(
      await espejo.request('GET', '/api/vector-stores/vs_none/ingestion/events'),
      404,
      'vector_store_not_found',
    );
  });
});
