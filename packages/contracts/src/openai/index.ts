export * from './issue-refusal.ts';
export * from './paging.ts';
export * from './parse-value.ts';
export * from './requests.ts';
export * from './routes.ts';
export * from './wire-error.ts';
