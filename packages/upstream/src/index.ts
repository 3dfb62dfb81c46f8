export { createOpenAiUpstream } from './openai-upstream.ts';
export * from './port.ts';
