export * from './blobs/disk-blob-store.ts';
export * from './blobs/port.ts';
export * from './chunk/chunk-document.ts';
export * from './chunk/port.ts';
export * from './chunk/resolve-chunking-strategy.ts';
export { countTokens } from './chunk/tokenizer.ts';
export * from './embed/port.ts';
export * from './index/port.ts';
export * from './parse/port.ts';
