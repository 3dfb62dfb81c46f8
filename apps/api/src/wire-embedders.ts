import { AppError } from '@espejo/core';
import type { Database, EmbeddingModelRecord } from '@espejo/db';
import {
  createCachingEmbedder,
  createLexicalEmbedder,
  createOpenAiEmbedder,
  type Embedder,
  type EmbeddingCache,
  ModelFolderError,
  OLDER_LEXICAL_VERSIONS,
  type OpenAiEmbedderOptions,
  openStaticEmbedder,
  probeDimensions,
} from '@espejo/retrieval';
import { ConfigError, type EmbeddingsFromEnvironment, type ModelFolder } from './config.ts';
import type { Clock } from './ports.ts';
import type { Embedders } from './services/store-index/embedders.ts';

export interface EmbedderOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly tenantId: string;
  readonly random: () => number;
  /** Retries and timeouts of the endpoint. */
  readonly fetch: typeof fetch;
  /** Caches vectors that were paid for, also those of a process that was killed. */
  readonly cache: EmbeddingCache;
}

/**
 * The embedder of the settings, and earlier ones that the same endpoint still has. Throws ConfigError when the number
 * of dimensions is unknown from the settings, the endpoint and earlier starts; and for a folder without a model.
 */
export async function openEmbedders(
  settings: EmbeddingsFromEnvironment | ModelFolder | null,
  options: EmbedderOptions,
): Promise<Embedders> {
  const lexical = createLexicalEmbedder();
  const lexicalRecord = { ...lexical.model, baseUrl: null, isDimensionsSent: false };
  const builtIn = [lexical, ...OLDER_LEXICAL_VERSIONS.map((version) => createLexicalEmbedder(version))];
  const made = new Map<string, Embedder>(builtIn.map((embedder) => [embedder.model.fingerprint, embedder]));

  function make(record: EmbeddingModelRecord): Embedder | undefined {
    const known = made.get(record.fingerprint);
    if (known !== undefined || settings === null || 'folder' in settings || record.baseUrl !== settings.baseUrl) {
      return known;
    }
    const embedder = makeRemote(settings, record, options);
    made.set(embedder.model.fingerprint, embedder);
    return embedder;
  }

  if (settings === null) return { current: lexical, currentRecord: lexicalRecord, make };
  if ('folder' in settings) {
    const current = await openFolder(settings.folder);
    made.set(current.model.fingerprint, current);
    return { current, currentRecord: { ...current.model, baseUrl: null, isDimensionsSent: false }, make };
  }
  const dimensions = settings.dimensions ?? (await findDimensions(settings, options));
  const isDimensionsSent = settings.dimensions !== null;
  const current = makeRemote(settings, { name: settings.model, dimensions, isDimensionsSent }, options);
  made.set(current.model.fingerprint, current);
  return { current, currentRecord: { ...current.model, baseUrl: settings.baseUrl, isDimensionsSent }, make };
}

async function openFolder(folder: string): Promise<Embedder> {
  try {
    return await openStaticEmbedder(folder);
  } catch (cause) {
    if (!(cause instanceof ModelFolderError)) throw cause;
    throw new ConfigError(`EMBEDDINGS_MODEL: the folder ${folder} contains no usable model. ${cause.message}`);
  }
}

function makeRemote(
  settings: EmbeddingsFromEnvironment,
  model: Pick<EmbeddingModelRecord, 'name' | 'dimensions' | 'isDimensionsSent'>,
  options: EmbedderOptions,
): Embedder {
  const { dimensions, isDimensionsSent, name } = model;
  const remote = createOpenAiEmbedder({ ...toOptions(settings, options), model: name, dimensions, isDimensionsSent });
  return createCachingEmbedder(remote, options.cache);
}

function toOptions(
  { baseUrl, apiKey, model }: EmbeddingsFromEnvironment,
  { clock, random, fetch }: EmbedderOptions,
): Omit<OpenAiEmbedderOptions, 'dimensions'> {
  return { baseUrl, apiKey, model, deps: { random, nowMs: clock.nowMs, fetch } };
}

/** As stored by an earlier start, or as the endpoint's vectors have them. */
async function findDimensions(settings: EmbeddingsFromEnvironment, options: EmbedderOptions): Promise<number> {
  const known = (await options.db.read.embeddingModels.list(options.tenantId)).find(
    (model) => model.baseUrl === settings.baseUrl && model.name === settings.model && !model.isDimensionsSent,
  );
  if (known !== undefined) return known.dimensions;
  try {
    return await probeDimensions(toOptions(settings, options), AbortSignal.timeout(PROBE_TIMEOUT_MS));
  } catch (cause) {
    const reason = cause instanceof AppError ? cause.message : 'It did not answer in time.';
    throw new ConfigError(
      `EMBEDDINGS_BASE_URL: the number of dimensions of the model '${settings.model}' could not be read from the endpoint. ${reason} Start the endpoint first, or set EMBEDDINGS_DIMENSIONS.`,
    );
  }
}

const PROBE_TIMEOUT_MS = 15_000;
