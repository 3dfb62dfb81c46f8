export * from '../base-name.ts';
export { wireDocument } from './document/wire-document.ts';
export * from './openai-error.ts';
export * from './paging.ts';
export * from './parse-value.ts';
export * from './requests.ts';
export * from './routes.ts';
export * from './zod-issue-to-error.ts';
