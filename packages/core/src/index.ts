export * from './errors.ts';
export * from './reconcile/snapshot.ts';
