import { extname } from 'node:path';
import {
  type Chunk,
  type ChunkingStrategy,
  type Embedder,
  type IndexedChunk,
  type ParsedDocument,
  type ParseFailure,
  type Parser,
  TooManyTokens,
} from '@espejo/retrieval';
import type { ContentContext } from '../context/app-context.ts';
import type { KeyedMutex } from '../keyed-mutex.ts';
import { returnTokens, takeTokens } from '../limits/take-tokens.ts';

import type { DerivedKey, IngestionCache } from './ingestion-cache.ts';
import type { ReadingGate, ReadingTurn } from './reading-gate.ts';

/** The ports that turn bytes into chunks with vectors. */
export interface DeriveDeps extends Pick<ContentContext, 'blobs' | 'db' | 'clock'> {
  readonly parser: Parser;
  /** Chunks a document without blocking the event loop. Throws TooManyTokens. */
  readonly chunk: (document: ParsedDocument, strategy: ChunkingStrategy) => Promise<Chunk[]>;
  readonly derived: IngestionCache;
  /** By cache key: equal work is done once, and concurrent callers wait for its result. */
  readonly deriveGate: KeyedMutex;
  readonly readingGate: ReadingGate;
}

export interface DeriveInput {
  readonly tenantId: string;
  /** The tenant, for its turn at the parser. */
  readonly storeId: string;
  readonly sha256: string;
  readonly filename: string;
  readonly sizeBytes: number;
  readonly strategy: ChunkingStrategy;
  readonly embedder: Embedder;
  readonly signal: AbortSignal;
  /** A process may have ended because of it: it is read and chunked on its own. */
  readonly isSuspect: boolean;
  /** Records that its content is being read and chunked from now on, or no longer; errors are rethrown. */
  readonly noteReading: (isBeingRead: boolean) => Promise<void>;
  readonly onProgress: (progress: {
    readonly phase: 'parsing' | 'embedding';
    readonly doneChunks: number;
    readonly totalChunks: number;
  }) => void;
}

export type Derived =
  | { readonly isOk: true; readonly chunks: readonly IndexedChunk[]; readonly gaps: readonly string[] }
  | { readonly isOk: false; readonly failure: ParseFailure };

/** Texts per call to the embedder: a stop has to wait for one call, and progress is reported after each. */
const EMBED_BATCH = 128;

/**
 * The chunks of some content with their vectors: cached, or parsed, chunked and embedded now, which takes its tokens
 * out of the daily quota. An error of the content is returned; an error of the system, or a used-up quota, is thrown.
 */
export async function prepareChunks(deps: DeriveDeps, input: DeriveInput): Promise<Derived> {
  const { tenantId, sha256, filename, strategy, embedder, signal } = input;
  const key: DerivedKey = {
    tenantId,
    sha256,
    extension: extname(filename).toLowerCase(),
    variant: deps.parser.variant ?? '',
    ...strategy,
    fingerprint: embedder.model.fingerprint,
  };
  return deps.deriveGate.run(JSON.stringify(key), async () => {
    signal.throwIfAborted();
    const kept = await deps.derived.get(key);
    if (kept !== undefined) return { isOk: true, ...kept };
    const cut = await parseAndChunk(deps, input);
    if (!cut.isOk) return cut;
    const tokens = cut.chunks.reduce((sum, chunk) => sum + chunk.tokenCount, 0);
    const taken = await takeTokens(deps, { tenantId, tokens });
    const chunks = await embedChunks(cut.chunks, input).catch(async (cause: unknown) => {
      await returnTokens(deps, taken);
      throw cause;
    });
    const { gaps } = cut;
    await deps.derived.put(key, { chunks, gaps });
    return { isOk: true, chunks, gaps };
  });
}

async function parseAndChunk(
  deps: DeriveDeps,
  input: DeriveInput,
): Promise<{ isOk: true; chunks: Chunk[]; gaps: readonly string[] } | { isOk: false; failure: ParseFailure }> {
  const { tenantId, storeId, sha256, filename, sizeBytes, strategy, signal, onProgress } = input;
  const path = await deps.blobs.pathOf(sha256);
  if (path === undefined) {
    return failure('server_error', 'The bytes of the file are missing in the data folder. Upload it again.');
  }
  onProgress({ phase: 'parsing', doneChunks: 0, totalChunks: 0 });
  const reading = createReading(deps.readingGate, input);
  try {
    const parsed = await deps.parser.parse(
      { path, filename, sizeBytes },
      { signal, turn: { tenantId, storeId }, onTurn: reading.begin, onRecognition: reading.end },
    );
    signal.throwIfAborted();
    if (!parsed.ok) return { isOk: false, failure: parsed.failure };
    await reading.begin();
    const chunks = await deps.chunk(parsed.document, strategy);
    await reading.end();
    return chunks.length === 0
      ? failure('invalid_file', 'The file contains no text that could be searched.')
      : { isOk: true, chunks, gaps: parsed.document.gaps ?? [] };
  } catch (cause) {
    if (cause instanceof TooManyTokens) return failure('invalid_file', cause.message);
    throw cause;
  } finally {
    reading.leave();
  }
}

/**
 * The time in which a file can end the process: recorded before it begins, and exclusive for a file that may have ended
 * one before.
 */
function createReading(gate: ReadingGate, { isSuspect, noteReading, signal }: DeriveInput) {
  let turn: ReadingTurn | undefined;
  const leave = () => {
    turn?.leave();
    turn = undefined;
  };
  return {
    async begin() {
      if (turn !== undefined) return;
      turn = gate.enter(isSuspect);
      await turn.admitted;
      signal.throwIfAborted();
      await noteReading(true);
    },
    async end() {
      await noteReading(false);
      leave();
    },
    leave,
  };
}

async function embedChunks(chunks: readonly Chunk[], input: DeriveInput): Promise<IndexedChunk[]> {
  const { embedder, signal, onProgress } = input;
  const embedded: IndexedChunk[] = [];
  const reportProgress = () =>
    onProgress({ phase: 'embedding', doneChunks: embedded.length, totalChunks: chunks.length });
  for (let at = 0; at < chunks.length; at += EMBED_BATCH) {
    signal.throwIfAborted();
    reportProgress();
    const batch = chunks.slice(at, at + EMBED_BATCH);
    const vectors = await embedder.embed(
      batch.map((chunk) => chunk.text),
      { purpose: 'document', signal },
    );
    for (const [i, chunk] of batch.entries()) {
      const vector = vectors[i];
      if (vector === undefined) throw new Error('The embedder returned fewer vectors than it was given texts.');
      embedded.push({ ...chunk, vector });
    }
  }
  reportProgress();
  return embedded;
}

function failure(code: ParseFailure['code'], message: string): { isOk: false; failure: ParseFailure } {
  return { isOk: false, failure: { code, message } };
}
