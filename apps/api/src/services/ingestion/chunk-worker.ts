import { parentPort } from 'node:worker_threads';
import { type ChunkingStrategy, chunkDocument, type ParsedDocument, TooManyTokens } from '@espejo/retrieval';

/** A message to the thread. */
export interface ChunkRequest {
  readonly id: number;
  readonly document: ParsedDocument;
  readonly strategy: ChunkingStrategy;
}

if (parentPort === null) throw new Error('This module must be run as a worker thread.');
const port = parentPort;
port.on('message', ({ id, document, strategy }: ChunkRequest) => {
  try {
    port.postMessage({ id, chunks: chunkDocument(document, strategy) });
  } catch (cause) {
    const tooMany = cause instanceof TooManyTokens ? cause.maxTokens : null;
    port.postMessage({ id, tooMany, message: cause instanceof Error ? cause.message : String(cause) });
  }
});
