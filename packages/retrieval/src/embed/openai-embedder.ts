import { setTimeout as delay } from 'node:timers/promises';
import OpenAI from 'openai';
import { NO_BOUNDARY, tokenEnds } from '../chunk/tokenizer.ts';
import { type BatchItem, batchTexts } from './batch-texts.ts';
import { EmbeddingError } from './embedding-error.ts';
import { modelFingerprint } from './fingerprint.ts';
import { mapEmbeddingFailure } from './map-embedding-failure.ts';
import type { Embedder } from './port.ts';
import { readVectors } from './read-vectors.ts';
import { createSlots } from './slots.ts';
import { blankVector } from './unit-vector.ts';

export interface OpenAiEmbedderOptions {
  /** Of any server with OpenAI's `/embeddings`, without that last part. */
  readonly baseUrl: string;
  /** Null: the server needs none. */
  readonly apiKey: string | null;
  readonly model: string;
  /** Of the model's vectors. */
  readonly dimensions: number;
  /** Whether to request that many dimensions, from a model that supports fewer than its default. Default false. */
  readonly isDimensionsSent?: boolean;
  /** The prefix that some models need before a text, by purpose. Default none. */
  readonly documentPrefix?: string;
  readonly queryPrefix?: string;
  /** Default OpenAI's limits. When a server rejects a batch because of its size, half of it is sent from then on. */
  readonly itemsMax?: number;
  readonly requestTokensMax?: number;
  /** Longer texts are cut, because models ignore the rest. */
  readonly inputTokensMax?: number;
  /** Concurrent requests, over all calls. */
  readonly concurrency?: number;
  readonly retryMax?: number;
  readonly timeoutMs?: number;
  readonly deps: OpenAiEmbedderDeps;
}

export interface OpenAiEmbedderDeps {
  /** In [0, 1). */
  readonly random: () => number;
  readonly nowMs: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly fetch?: typeof fetch;
}

const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 20_000;
/** Statuses for a batch that is too large; any other reason fails the halves as well. */
const TOO_MUCH = new Set([400, 413, 422]);

/** An embedder over any endpoint with OpenAI's protocol: OpenAI itself, Ollama, vLLM, TEI and others. */
export function createOpenAiEmbedder(options: OpenAiEmbedderOptions): Embedder {
  const { dimensions, deps } = options;
  const { documentPrefix = '', queryPrefix = '', inputTokensMax = 8192, retryMax = 5 } = options;
  const limits = { itemsMax: options.itemsMax ?? 2048, tokensMax: options.requestTokensMax ?? 300_000 };
  const sleep = deps.sleep ?? ((ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }));
  const withSlot = createSlots(options.concurrency ?? 4);
  const request = createRequest(options);

  /** Sends one batch with retries; in halves when the server rejects its size. */
  async function embedBatch(batch: readonly BatchItem[], signal: AbortSignal): Promise<Float32Array[]> {
    for (let tries = 0; ; tries += 1) {
      signal.throwIfAborted();
      try {
        return await withSlot(() =>
          request(
            batch.map((item) => item.text),
            signal,
          ),
        );
      } catch (cause) {
        signal.throwIfAborted();
        const error = mapEmbeddingFailure(cause, deps.nowMs());
        if (isTooMuch(error) && batch.length > 1) return embedHalves(batch, signal);
        if (!error.isRetryable || tries >= retryMax) throw error;
        await sleep(error.retryAfterMs ?? deps.random() * Math.min(BACKOFF_MS * 2 ** tries, BACKOFF_MAX_MS), signal);
      }
    }
  }

  async function embedHalves(batch: readonly BatchItem[], signal: AbortSignal): Promise<Float32Array[]> {
    const half = Math.ceil(batch.length / 2);
    const first = await embedBatch(batch.slice(0, half), signal);
    const second = await embedBatch(batch.slice(half), signal);
    // Both halves were accepted, so the size was the reason, and no text in it.
    limits.itemsMax = Math.min(limits.itemsMax, half);
    return [...first, ...second];
  }

  return {
    model: {
      fingerprint: modelFingerprint({
        kind: 'remote',
        endpoint: options.baseUrl.replace(/\/+$/, ''),
        model: options.model,
        dimensions,
        documentPrefix,
        queryPrefix,
      }),
      name: options.model,
      dimensions,
      kind: 'remote',
    },
    async embed(texts, { purpose, signal }) {
      const prefix = purpose === 'query' ? queryPrefix : documentPrefix;
      const vectors = texts.map(() => blankVector(dimensions));
      // Servers reject empty texts, and they have nothing to find.
      const items = texts.flatMap((text, index) =>
        text.trim() === '' ? [] : [{ index, ...withinTokens(`${prefix}${text}`, inputTokensMax) }],
      );
      const failing = new AbortController();
      const either = signal === undefined ? failing.signal : AbortSignal.any([signal, failing.signal]);
      const batches = batchTexts(items, limits).map(async (batch) => {
        const found = await embedBatch(batch, either);
        for (const [at, { index }] of batch.entries()) vectors[index] = found[at] ?? blankVector(dimensions);
      });
      try {
        await Promise.all(batches);
      } catch (error) {
        // After one failure the result is lost, so other running requests are aborted to save cost.
        failing.abort(error);
        await Promise.allSettled(batches);
        throw error;
      }
      return vectors;
    },
  };
}

/** Requests one vector to find out its number of dimensions. For models whose dimensions are not known. */
export async function probeDimensions(
  options: Omit<OpenAiEmbedderOptions, 'dimensions'>,
  signal?: AbortSignal,
): Promise<number> {
  const request = createRequest({ ...options, dimensions: null });
  try {
    const [vector] = await request(['dimensions'], signal);
    if (vector === undefined) throw new EmbeddingError('malformed');
    return vector.length;
  } catch (error) {
    signal?.throwIfAborted();
    throw mapEmbeddingFailure(error, options.deps.nowMs());
  }
}

type RequestOptions = Omit<OpenAiEmbedderOptions, 'dimensions'> & { readonly dimensions: number | null };

/** One request by the official SDK, without its environment variables, which belong to another connection. */
function createRequest(options: RequestOptions): (texts: string[], signal?: AbortSignal) => Promise<Float32Array[]> {
  const { apiKey, dimensions, model, deps } = options;
  const send = deps.fetch ?? fetch;
  const client = new OpenAI({
    baseURL: options.baseUrl,
    apiKey: apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    timeout: options.timeoutMs ?? 120_000,
    maxRetries: 0,
    logLevel: 'off',
    fetch: (url, init) =>
      send(url, {
        ...init,
        // A redirect would send texts to another server than the configured one.
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
        },
      }),
  });
  return async (texts, signal) => {
    const answer = await client.embeddings.create(
      {
        model,
        input: texts,
        encoding_format: 'base64',
        ...(options.isDimensionsSent === true && dimensions !== null ? { dimensions } : {}),
      },
      signal === undefined ? {} : { signal },
    );
    return readVectors(answer, { count: texts.length, dimensions });
  };
}

function isTooMuch(error: EmbeddingError): boolean {
  return error.httpStatus !== null && TOO_MUCH.has(error.httpStatus);
}

/** The text, cut where it would have more tokens than allowed. */
function withinTokens(text: string, tokensMax: number): { readonly text: string; readonly tokenCount: number } {
  let tokenCount = 0;
  let endOffset = 0;
  for (const end of tokenEnds(text)) {
    if (tokenCount === tokensMax) return { text: text.slice(0, endOffset), tokenCount };
    tokenCount += 1;
    if (end !== NO_BOUNDARY) endOffset = end;
  }
  return { text, tokenCount };
}
