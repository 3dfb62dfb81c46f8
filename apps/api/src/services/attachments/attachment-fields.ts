import { countCharacters } from '@espejo/contracts';
import { AppError, type Attributes } from '@espejo/core';
import type { ChunkingStrategy } from '@espejo/retrieval';

const PAIRS_MAX = 16;
const KEY_MAX = 64;
const TEXT_MAX = 512;
const CHUNK_TOKENS = { min: 100, max: 4_096 } as const;

/** The defaults of OpenAI's `auto` strategy. */
const AUTO_CHUNKING: ChunkingStrategy = { maxTokens: 800, overlapTokens: 400 };

function refuse(message: string, param: string): AppError {
  return new AppError('invalid_request', message, { details: { param } });
}

/** Checks the attributes of an attachment against OpenAI's limits; null means none. Throws `invalid_request`. */
export function readAttributes(attributes: Attributes | null): Attributes {
  const entries = Object.entries(attributes ?? {});
  if (entries.length > PAIRS_MAX) throw refuse(`A file has ${PAIRS_MAX} attributes at most.`, 'attributes');
  for (const [key, value] of entries) {
    if (key === '' || countCharacters(key) > KEY_MAX)
      throw refuse(`An attribute's key has 1 to ${KEY_MAX} characters.`, 'attributes');
    const isText = typeof value === 'string';
    if (isText && countCharacters(value) > TEXT_MAX)
      throw refuse(`Attribute '${key}' is longer than ${TEXT_MAX} characters.`, 'attributes');
    if (!isText && typeof value !== 'boolean' && !(typeof value === 'number' && Number.isFinite(value)))
      throw refuse(`Attribute '${key}' is neither a text, a number nor a boolean.`, 'attributes');
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      throw refuse(
        `Attribute '${key}' is a whole number beyond ${Number.MAX_SAFE_INTEGER}, which would lose digits. Send it as text.`,
        'attributes',
      );
  }
  return Object.fromEntries(entries);
}

/** Checks a chunking strategy against OpenAI's limits; null means auto. Throws `invalid_request`. */
export function readChunking(chunking: ChunkingStrategy | null): ChunkingStrategy {
  if (chunking === null) return AUTO_CHUNKING;
  const { maxTokens, overlapTokens } = chunking;
  const { min, max } = CHUNK_TOKENS;
  if (!Number.isInteger(maxTokens) || maxTokens < min || maxTokens > max)
    throw refuse(`max_chunk_size_tokens is a whole number from ${min} to ${max}.`, 'chunking_strategy');
  if (!Number.isInteger(overlapTokens) || overlapTokens < 0 || overlapTokens > maxTokens / 2)
    throw refuse(
      'chunk_overlap_tokens is a whole number from 0 to half of max_chunk_size_tokens.',
      'chunking_strategy',
    );
  return { maxTokens, overlapTokens };
}
