export * from './deleter.ts';
export { toQuote } from './failures/upstream-words.ts';
export { createOpenAiConnection, createOpenAiUpstream } from './openai-upstream.ts';
export * from './port.ts';
export * from './publisher.ts';
export * from './searcher.ts';
export * from './transport/observe.ts';
export { noSuchServer } from './transport/veil.ts';
export type { UpstreamConnection } from './upstream-connection.ts';
