import { AppError } from '@espejo/core';
import { countTokens, normalise } from '@espejo/retrieval';
import type { PrimaryContext } from '../context/app-context.ts';

const INPUT_TOKENS_MAX = 8_192;
const REQUEST_TOKENS_MAX = 300_000;

export interface EmbeddingsAnswer {
  readonly model: string;
  readonly vectors: readonly Float32Array[];
  readonly tokenCount: number;
}

/**
 * Embeds texts with the model of this installation. Throws `embedding_model_not_found` for another model, as its
 * vectors could not be compared.
 */
export async function createEmbeddings(
  deps: Pick<PrimaryContext, 'embedders'>,
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
  const length = readDimensions(dimensions, { own, isShortenable: isShortenable(name, kind) });
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
  return { model: name, vectors: vectors.map((vector) => shortened(vector, length)), tokenCount };
}

/** Models that were trained so that the first numbers of a vector are a usable vector. */
function isShortenable(name: string, kind: string): boolean {
  return kind === 'remote' && name.startsWith('text-embedding-3-');
}

/** The requested length of vectors. Errors use the real API's texts. */
function readDimensions(
  asked: number | null,
  { own, isShortenable }: { readonly own: number; readonly isShortenable: boolean },
): number {
  if (asked === null || asked === own) return own;
  if (asked < 1) throw new AppError('invalid_request', `${asked} is less than the minimum of 1 - 'dimensions'`);
  if (!isShortenable) throw new AppError('invalid_request', 'This model does not support specifying dimensions.');
  if (asked > own) {
    throw new AppError(
      'invalid_request',
      `Invalid value for 'dimensions' = ${asked}. Must be less than or equal to ${own}.`,
    );
  }
  return asked;
}

function shortened(vector: Float32Array, length: number): Float32Array {
  if (length === vector.length) return vector;
  const head = vector.slice(0, length);
  normalise(head);
  return head;
}

function refuse(message: string): AppError {
  return new AppError('invalid_request', message, { details: { param: 'input' } });
}
