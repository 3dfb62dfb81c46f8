import { AppError } from '@espejo/core';
import { countTokens } from '@espejo/retrieval';
import type { PrimaryDeps } from '../ingestion/content-deps.ts';

const INPUT_TOKENS_MAX = 8_192;
const REQUEST_TOKENS_MAX = 300_000;

export interface EmbeddingsAnswer {
  readonly model: string;
  readonly vectors: readonly Float32Array[];
  readonly tokenCount: number;
}

/**
 * Vectors of texts, by the model this installation embeds with. Throws `embedding_model_not_found` for another one: a
 * vector under a name it was not made with would be compared with what it cannot be compared with.
 */
export async function createEmbeddings(
  deps: Pick<PrimaryDeps, 'embedders'>,
  input: { model: string; texts: readonly string[]; dimensions: number | null; signal?: AbortSignal },
): Promise<EmbeddingsAnswer> {
  const { model: asked, texts, dimensions, signal } = input;
  const { current } = deps.embedders;
  const { name, kind, dimensions: own } = current.model;
  if (asked !== name) {
    const hint = kind === 'lexical' ? ' Set EMBEDDINGS_BASE_URL and EMBEDDINGS_MODEL to use another one.' : '';
    throw new AppError(
      'embedding_model_not_found',
      `The model '${asked}' does not exist here. This installation embeds with '${name}'.${hint}`,
      { details: { param: 'model', available: [name] } },
    );
  }
  if (dimensions !== null && dimensions !== own) {
    throw new AppError('invalid_request', `Vectors of '${name}' have ${own} dimensions here.`, {
      details: { param: 'dimensions' },
    });
  }
  const counts = texts.map(countTokens);
  const tokenCount = counts.reduce((sum, count) => sum + count, 0);
  if (texts.some((text) => text === '')) throw refuse("Invalid 'input': input cannot be an empty string.");
  if (counts.some((count) => count > INPUT_TOKENS_MAX)) {
    throw refuse(`Invalid 'input': maximum input length is ${INPUT_TOKENS_MAX} tokens.`);
  }
  if (tokenCount > REQUEST_TOKENS_MAX) {
    throw refuse(`Invalid 'input': maximum request size is ${REQUEST_TOKENS_MAX} tokens per request.`);
  }
  const vectors = await current.embed(texts, { purpose: 'document', ...(signal && { signal }) });
  return { model: name, vectors, tokenCount };
}

function refuse(message: string): AppError {
  return new AppError('invalid_request', message, { details: { param: 'input' } });
}
