export { ApiError } from '@espejo/contracts';
export { type ResolveAgentToolsOptions, resolveAgentTools } from './resolve-agent-tools.ts';
