export * from './cty/types.ts';
export { type Diagnostic, PluginError } from './diagnostics.ts';
export { changedAttributes } from './plan/plan-resource.ts';
export * from './provider.ts';
export { renderFunctionPage, renderSchemaPage } from './schema/docs.ts';
export * from './schema/schema.ts';
export type { Log } from './server/log.ts';
export { serveProvider } from './server/serve.ts';
