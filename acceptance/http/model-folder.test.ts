import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';

/** A Model2Vec model of six tokens, two of which have the same meaning. */
function writeModel(folder: string): void {
  const tokens = ['[UNK]', 'car', 'automobile', 'apple', 'pie', 'the'];
  const rows = [0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0.2, 0, 0, 0.1];
  const header = Buffer.from(
    JSON.stringify({ embeddings: { dtype: 'F32', shape: [6, 3], data_offsets: [0, rows.length * 4] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const bytes = Buffer.from(Float32Array.from(rows).buffer);
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([length, header, bytes]));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'model2vec', normalize: true }));
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  writeFileSync(
    join(folder, 'tokenizer.json'),
    JSON.stringify({
      normalizer: { type: 'BertNormalizer', lowercase: true },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', vocab },
    }),
  );
}

describe('an embedding model in a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-model-'));
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-model-data-'));
  let espejo: Espejo;
  let storeId: string;

  const start = (env: Record<string, string> = {}) =>
    startEspejo({ dataDir, env: { ESPEJO_SYNC_ENABLED: 'false', ...env } });
  const client = () => new OpenAI({ apiKey: API_KEY, baseURL: `${espejo.url}/v1`, maxRetries: 0 });
  const topRow = async (query: string) =>
    (await client().vectorStores.search(storeId, { query, ranking_options: { score_threshold: 0.5 } })).data[0]
      ?.filename;
  const model = async () => (await espejo.call('getStoreIndex', { params: { id: storeId } })).model;

  beforeAll(async () => {
    writeModel(folder);
    espejo = await start();
    storeId = (await client().vectorStores.create({ name: 'Meanings' })).id;
    for (const [name, text] of [
      ['road.txt', 'The automobile.'],
      ['kitchen.txt', 'The apple pie.'],
    ] as const) {
      const file = await client().files.create({ file: new File([text], name), purpose: 'assistants' });
      await client().vectorStores.files.createAndPoll(storeId, { file_id: file.id });
    }
  });
  afterAll(async () => {
    await espejo?.stop();
    for (const path of [folder, dataDir]) rmSync(path, { recursive: true, force: true });
  });

  it('re-embeds the stores of the built-in embedder and then finds text with the same meaning', async () => {
    expect(await model()).toMatchObject({ kind: 'lexical', name: 'lexical-384' });
    expect(await topRow('car')).toBeUndefined();
    await espejo.stop();
    espejo = await start({ EMBEDDINGS_MODEL: `file:${folder}` });
    await expect.poll(async () => (await model()).kind, { timeout: 600_000 }).toBe('static');
    expect(await model()).toMatchObject({ dimensions: 3 });
    expect(await topRow('car')).toBe('road.txt');
    expect(await topRow('apple')).toBe('kitchen.txt');
  });

  it('that is damaged stops the start with an error that names it', async () => {
    await espejo.stop();
    truncateSync(join(folder, 'model.safetensors'), 40);
    await expect(start({ EMBEDDINGS_MODEL: `file:${folder}` })).rejects.toThrow(
      /EMBEDDINGS_MODEL: the folder .* contains no usable model\. model\.safetensors is cut short/,
    );
    espejo = await start();
  });
});
