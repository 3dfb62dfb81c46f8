import type { ChunkingStrategy } from './port.ts';

export const CHUNK_TOKENS_MIN = 100;
export const CHUNK_TOKENS_MAX = 4096;

/** The strategy for `auto`, and the default. */
export const AUTO_CHUNKING_STRATEGY: ChunkingStrategy = { maxTokens: 800, overlapTokens: 400 };

/** The strategy in a request. */
export type RequestedChunkingStrategy = { readonly type: 'auto' } | ({ readonly type: 'static' } & ChunkingStrategy);

/** A strategy outside its limits; the message names the limit and the value. */
export class InvalidChunkingStrategy extends Error {
  readonly field: 'max_chunk_size_tokens' | 'chunk_overlap_tokens';
  constructor(field: 'max_chunk_size_tokens' | 'chunk_overlap_tokens', message: string) {
    super(message);
    this.name = 'InvalidChunkingStrategy';
    this.field = field;
  }
}

/** The strategy for a request; throws InvalidChunkingStrategy for one that OpenAI would reject. */
export function resolveChunkingStrategy(requested: RequestedChunkingStrategy | null | undefined): ChunkingStrategy {
  if (requested === null || requested === undefined || requested.type === 'auto') return AUTO_CHUNKING_STRATEGY;
  const { maxTokens, overlapTokens } = requested;
  if (!Number.isInteger(maxTokens) || maxTokens < CHUNK_TOKENS_MIN || maxTokens > CHUNK_TOKENS_MAX) {
    throw new InvalidChunkingStrategy(
      'max_chunk_size_tokens',
      `max_chunk_size_tokens must be a whole number from ${CHUNK_TOKENS_MIN} to ${CHUNK_TOKENS_MAX}; it is ${maxTokens}.`,
    );
  }
  if (!Number.isInteger(overlapTokens) || overlapTokens < 0 || overlapTokens > maxTokens / 2) {
    throw new InvalidChunkingStrategy(
      'chunk_overlap_tokens',
      `chunk_overlap_tokens must be a whole number from 0 to half of max_chunk_size_tokens (${Math.floor(maxTokens / 2)}); it is ${overlapTokens}.`,
    );
  }
  return { maxTokens, overlapTokens };
}
