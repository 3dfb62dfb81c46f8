import { describe, expect, it } from 'vitest';
import { EmbeddingError } from './embedding-error.ts';
import { createOpenAiEmbedder, type OpenAiEmbedderOptions, probeDimensions } from './openai-embedder.ts';

interface Asked {
  readonly input: string[];
  readonly model: string;
  readonly encoding_format?: string;
  readonly dimensions?: number;
}

type Answer = (asked: Asked, count: number) => Response | Promise<Response>;

/** A server in this process: it answers with `answer`, and records its requests. */
function start(answer: Answer, options: Partial<OpenAiEmbedderOptions> = {}) {
  const asked: Asked[] = [];
  const headers: Headers[] = [];
  const slept: number[] = [];
  const all: OpenAiEmbedderOptions = {
    baseUrl: 'http://models.test/v1/',
    apiKey: 'key',
    model: 'm',
    dimensions: 2,
    ...options,
    deps: {
      random: () => 0.5,
      nowMs: () => 0,
      sleep: async (ms) => {
        slept.push(ms);
      },
      async fetch(url, init) {
        expect(String(url)).toBe('http://models.test/v1/embeddings');
        const body: Asked = JSON.parse(String(init?.body));
        asked.push(body);
        headers.push(new Headers(init?.headers));
        return answer(body, asked.length);
      },
    },
  };
  return { embedder: createOpenAiEmbedder(all), all, asked, headers, slept };
}

/** A vector that identifies its text: the length and 1. */
const vectorOf = (text: string): number[] => [text.length, 1];
const ok = (vectors: readonly unknown[]): Response =>
  Response.json({
    object: 'list',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
  });
const floats: Answer = ({ input }) => ok(input.map(vectorOf));
const base64: Answer = ({ input }) =>
  ok(input.map((text) => Buffer.from(Float32Array.from(vectorOf(text)).buffer).toString('base64')));
const refuse = (status: number, headers: Record<string, string> = {}, error: object = {}): Response =>
  Response.json({ error: { message: 'secret internals', ...error } }, { status, headers });

const texts = (count: number): string[] => Array.from({ length: count }, (_, at) => 'x'.repeat(at + 1));
const lengthOf = (vector: Float32Array | undefined): number => Math.round((vector?.[0] ?? 0) / (vector?.[1] ?? 1));
const document = { purpose: 'document' } as const;

async function failureOf(promise: Promise<unknown>): Promise<EmbeddingError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EmbeddingError)) throw new Error('It was to fail with an EmbeddingError.', { cause: error });
  return error;
}

describe('the remote embedder', () => {
  it.each([
    ['base64', base64],
    ['numbers', floats],
  ])('reads vectors encoded as %s', async (_, answer) => {
    const { embedder, asked } = start(answer);
    const [vector] = await embedder.embed(['abc'], document);
    expect(vector?.[0]).toBeCloseTo(3 / Math.sqrt(10), 6);
    expect(asked).toEqual([{ model: 'm', input: ['abc'], encoding_format: 'base64' }]);
  });

  it('sorts vectors by their indexes', async () => {
    const { embedder } = start(({ input }) =>
      Response.json({ data: input.map((text, index) => ({ index, embedding: vectorOf(text) })).reverse() }),
    );
    expect((await embedder.embed(texts(5), document)).map(lengthOf)).toEqual([1, 2, 3, 4, 5]);
  });

  it('sends batches within both limits, and keeps the order over them', async () => {
    const { embedder, asked } = start(floats, { itemsMax: 3, requestTokensMax: 1000 });
    expect((await embedder.embed(texts(8), document)).map(lengthOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(asked.map(({ input }) => input.length)).toEqual([3, 3, 2]);
    const byTokens = start(floats, { requestTokensMax: 10 });
    await byTokens.embedder.embed(
      [' word'.repeat(6), ' word'.repeat(4), ' word'.repeat(5), ' word'.repeat(20)],
      document,
    );
    expect(byTokens.asked.map(({ input }) => input.length)).toEqual([2, 1, 1]);
  });

  it('sends no more concurrent requests than allowed, over all calls', async () => {
    let underWay = 0;
    let most = 0;
    const { embedder } = start(
      async (asked, count) => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return floats(asked, count);
      },
      { itemsMax: 1, concurrency: 2 },
    );
    await Promise.all([embedder.embed(texts(6), document), embedder.embed(texts(6), document)]);
    expect(most).toBe(2);
  });

  it('cuts texts that are longer than the model reads, sends nothing for blank texts, and adds the prefix of the purpose', async () => {
    const { embedder, asked } = start(floats, { inputTokensMax: 3, documentPrefix: 'd:', queryPrefix: 'q:' });
    const vectors = await embedder.embed([' word word word', '', '  '], document);
    expect(Array.from(vectors[1] ?? [])).toEqual([1, 0]);
    await embedder.embed(['a'], { purpose: 'query' });
    expect(asked.map(({ input }) => input)).toEqual([['d: word'], ['q:a']]);
  });

  it('requests dimensions only when configured, and sends only its key', async () => {
    const { embedder, asked, headers } = start(floats, { isDimensionsSent: true });
    await embedder.embed(['a'], document);
    expect(asked[0]?.dimensions).toBe(2);
    expect(headers[0]?.get('authorization')).toBe('Bearer key');
    const keyless = start(floats, { apiKey: null });
    await keyless.embedder.embed(['a'], document);
    expect(keyless.headers[0]?.get('authorization')).toBeNull();
  });

  it('retries temporary errors, after the delay that the server names', async () => {
    const answers = [
      refuse(429, { 'retry-after': '7' }),
      refuse(429, { 'retry-after-ms': '30' }),
      refuse(503),
      refuse(500, { 'retry-after': new Date(5000).toUTCString() }),
      refuse(503, { 'retry-after': '86400' }),
    ];
    const { embedder, slept } = start((asked, count) => answers[count - 1] ?? floats(asked, count));
    expect(await embedder.embed(['abc'], document)).toHaveLength(1);
    expect(slept).toEqual([7000, 30, 1000, 5000, 60_000]);
  });

  it('gives up in the end with a retryable error', async () => {
    const { embedder, asked } = start(() => refuse(503), { retryMax: 2 });
    expect(await failureOf(embedder.embed(['a'], document))).toMatchObject({ kind: 'unavailable', isRetryable: true });
    expect(asked).toHaveLength(3);
  });

  it('treats a broken connection as temporary', async () => {
    const { embedder, asked } = start((request, count) => {
      if (count === 1) throw new TypeError('fetch failed');
      return floats(request, count);
    });
    expect(await embedder.embed(['a'], document)).toHaveLength(1);
    expect(asked).toHaveLength(2);
  });

  it.each([
    [401, {}, 'unauthorized'],
    [403, {}, 'unauthorized'],
    [404, {}, 'refused'],
    [400, {}, 'refused'],
    [429, { code: 'insufficient_quota' }, 'quota_exhausted'],
  ])('does not retry after %i %o', async (status, error, kind) => {
    const { embedder, asked, slept } = start(() => refuse(status, {}, error));
    const failure = await failureOf(embedder.embed(['a'], document));
    expect(failure).toMatchObject({ kind, isRetryable: false, code: 'embeddings_unavailable' });
    expect(failure.message).not.toContain('secret');
    expect([asked.length, slept.length]).toEqual([1, 0]);
  });

  it('halves a batch that the server finds too large, and keeps that size', async () => {
    const { embedder, asked } = start(
      (request, count) => (request.input.length > 3 ? refuse(422) : floats(request, count)),
      { concurrency: 1 },
    );
    expect((await embedder.embed(texts(8), document)).map(lengthOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    asked.length = 0;
    await embedder.embed(texts(6), document);
    expect(asked.map(({ input }) => input.length)).toEqual([2, 2, 2]);
  });

  it('does not keep smaller batches because of one rejected text', async () => {
    const { embedder, asked } = start((request, count) =>
      request.input.includes('poison') ? refuse(400) : floats(request, count),
    );
    await failureOf(embedder.embed(['poison', 'b', 'c', 'd'], document));
    asked.length = 0;
    await embedder.embed(texts(4), document);
    expect(asked.map(({ input }) => input.length)).toEqual([4]);
  });

  it.each([
    ['too few vectors', () => ok([[1, 1]])],
    [
      'vectors of another length',
      () =>
        ok([
          [1, 1, 1],
          [1, 1, 1],
        ]),
    ],
    ['a NaN', () => ok([[1, 1], Buffer.from(Float32Array.of(1, Number.NaN).buffer).toString('base64')])],
    ['an infinity', () => ok([[1, 1], Buffer.from(Float32Array.of(1, Infinity).buffer).toString('base64')])],
    [
      'zeros',
      () =>
        ok([
          [1, 1],
          [0, 0],
        ]),
    ],
    ['half a float', () => ok([[1, 1], Buffer.from([1, 2, 3]).toString('base64')])],
    [
      'words',
      () =>
        ok([
          [1, 1],
          ['a', 'b'],
        ]),
    ],
    [
      'one index twice',
      () =>
        Response.json({
          data: [
            { index: 0, embedding: [1, 1] },
            { index: 0, embedding: [1, 1] },
          ],
        }),
    ],
    [
      'an index out of range',
      () =>
        Response.json({
          data: [
            { index: 0, embedding: [1, 1] },
            { index: 2, embedding: [1, 1] },
          ],
        }),
    ],
    ['no list', () => Response.json({ hello: 'world' })],
    ['null', () => Response.json(null)],
  ])('rejects a response with %s', async (_, answer) => {
    const { embedder, asked } = start(answer);
    expect(await failureOf(embedder.embed(['a', 'b'], document))).toMatchObject({
      kind: 'malformed',
      isRetryable: false,
    });
    expect(asked).toHaveLength(1);
  });

  it('stops everything at the first failure, and at an abort', async () => {
    const { embedder, asked } = start(() => refuse(401), { itemsMax: 1, concurrency: 1 });
    await failureOf(embedder.embed(texts(50), document));
    expect(asked.length).toBeLessThan(3);
    const controller = new AbortController();
    const aborted = start(
      (request, count) => {
        controller.abort(new Error('enough'));
        return floats(request, count);
      },
      { itemsMax: 1, concurrency: 1 },
    );
    await expect(aborted.embedder.embed(texts(50), { ...document, signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    expect(aborted.asked.length).toBeLessThan(3);
  });

  it('has another fingerprint for everything that changes the vectors, and for nothing else', () => {
    const of = (options: Partial<OpenAiEmbedderOptions>) => start(floats, options).embedder.model.fingerprint;
    const same = [of({}), of({ itemsMax: 7, apiKey: 'other', baseUrl: 'http://models.test/v1' })];
    const others = [
      of({ model: 'n' }),
      of({ dimensions: 3 }),
      of({ baseUrl: 'http://other.test/v1' }),
      of({ queryPrefix: 'q' }),
      of({ documentPrefix: 'q' }),
    ];
    expect(new Set(same).size).toBe(1);
    expect(new Set([...same, ...others]).size).toBe(6);
  });

  it('finds out how many dimensions a model has', async () => {
    expect(await probeDimensions(start(() => ok([[1, 2, 3, 4, 5]])).all)).toBe(5);
    expect(await failureOf(probeDimensions(start(() => refuse(401)).all))).toMatchObject({ kind: 'unauthorized' });
  });
});
