export * from './deleter.ts';
export * from './observe.ts';
export { createOpenAiConnection, createOpenAiUpstream, type UpstreamConnection } from './openai-upstream.ts';
export * from './port.ts';
export * from './publisher.ts';
export * from './searcher.ts';
