import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { json } from 'node:stream/consumers';
import { createLexicalEmbedder } from '@espejo/retrieval';
import {
  createMemoryEmbeddingCache,
  floatTensor,
  makeModelFolder,
  wordPieceTokenizer,
} from '@espejo/retrieval/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError } from './config.ts';
import { createPrimaryHarness, TENANT } from './testing/primary-harness.ts';
import { openEmbedders } from './wire-embedders.ts';

interface Asked {
  readonly model: string;
  readonly input: string[];
  readonly dimensions?: number;
}

/** An endpoint whose vectors have eight numbers, or the requested number. */
async function serveEmbeddings(): Promise<{ baseUrl: string; asked: Asked[]; close(): void }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Asked;
    asked.push(body);
    const data = body.input.map((text, index) => {
      const vector = new Float32Array(body.dimensions ?? 8).fill(text.length);
      return { object: 'embedding', index, embedding: Buffer.from(vector.buffer).toString('base64') };
    });
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ object: 'list', model: body.model, data, usage: { prompt_tokens: 1, total_tokens: 1 } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => void server.close();
  onTestFinished(close);
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked, close };
}

async function open(settings: Parameters<typeof openEmbedders>[0], h = createPrimaryHarness()) {
  const { db, deps } = await h;
  const options = {
    db,
    clock: deps.clock,
    tenantId: TENANT,
    random: () => 0,
    fetch,
    cache: createMemoryEmbeddingCache(),
  };
  return openEmbedders(settings, options);
}

describe('the embedders of the settings', () => {
  it('default to the built-in one', async () => {
    const embedders = await open(null);
    expect(embedders.current.model.kind).toBe('lexical');
    expect(embedders.make(embedders.currentRecord)).toBe(embedders.current);
  });

  it('are the model in a folder, and the built-in one for stores made with it', async () => {
    const folder = await makeModelFolder({
      tensors: {
        embeddings: floatTensor([
          [0, 0],
          [1, 0],
          [0, 1],
        ]),
      },
      tokenizer: wordPieceTokenizer(['[UNK]', 'cat', 'dog']),
    });
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const embedders = await open({ folder });
    expect(embedders.current.model).toMatchObject({ kind: 'static', name: basename(folder), dimensions: 2 });
    expect(embedders.make(embedders.currentRecord)).toBe(embedders.current);
    const [dog] = await embedders.current.embed(['a dog'], { purpose: 'query' });
    expect(dog).toEqual(new Float32Array([0, 1]));
    for (const version of [1, 2] as const) {
      const { model } = createLexicalEmbedder(version);
      expect(embedders.make({ ...model, baseUrl: null, isDimensionsSent: false })?.model).toEqual(model);
    }
  });

  it('name the folder that contains no model, and the reason', async () => {
    const opening = open({ folder: '/nowhere/potion' });
    await expect(opening).rejects.toBeInstanceOf(ConfigError);
    await expect(opening).rejects.toThrow(/EMBEDDINGS_MODEL: the folder \/nowhere\/potion .* There is no file/);
  });

  it('request the number of dimensions from an endpoint once, and store it', async () => {
    const { baseUrl, asked, close } = await serveEmbeddings();
    const h = await createPrimaryHarness();
    const settings = { baseUrl, apiKey: null, model: 'm', dimensions: null };
    const { current, currentRecord } = await open(settings, Promise.resolve(h));
    expect(current.model).toMatchObject({ kind: 'remote', name: 'm', dimensions: 8 });
    expect(await current.embed(['same', 'same'], { purpose: 'document' })).toHaveLength(2);
    expect(asked.map((body) => [body.input, body.dimensions])).toEqual([
      [['dimensions'], undefined],
      [['same'], undefined],
    ]);
    await expect(open({ ...settings, baseUrl: 'http://127.0.0.1:9/v1' })).rejects.toThrow('EMBEDDINGS_DIMENSIONS');
    // A store was made with it: the next start needs no answer.
    await h.db.transaction((tx) => tx.embeddingModels.put(TENANT, currentRecord));
    close();
    expect((await open(settings, Promise.resolve(h))).current.model).toEqual(current.model);
  });

  it('request fewer dimensions when the settings say so', async () => {
    const { baseUrl, asked } = await serveEmbeddings();
    const { current } = await open({ baseUrl, apiKey: null, model: 'm', dimensions: 4 });
    const [vector] = await current.embed(['text'], { purpose: 'query' });
    expect(vector).toHaveLength(4);
    expect(asked.map((body) => body.dimensions)).toEqual([4]);
  });

  it('include earlier ones that are still available: the built-in one, and other models of the endpoint', async () => {
    const { baseUrl } = await serveEmbeddings();
    const before = await open({ baseUrl, apiKey: null, model: 'old', dimensions: 4 });
    const now = await open({ baseUrl, apiKey: null, model: 'new', dimensions: null });
    expect(now.make(before.currentRecord)?.model).toEqual(before.current.model);
    const lexical = { ...createLexicalEmbedder().model, baseUrl: null, isDimensionsSent: false };
    expect(now.make(lexical)?.model.kind).toBe('lexical');
    expect(now.make({ ...before.currentRecord, fingerprint: 'x', baseUrl: 'http://elsewhere/v1' })).toBeUndefined();
  });
});
