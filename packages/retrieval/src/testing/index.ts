export * from './fake-embedder.ts';
export * from './fake-parser.ts';
export * from './make-files.ts';
export * from './make-ole.ts';
export * from './memory-blob-store.ts';
export * from './memory-embedding-cache.ts';
export { createMemoryIndex } from './memory-index.ts';
export { type StructuredRows, structuredRows } from './structured-rows.ts';
