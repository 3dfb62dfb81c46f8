export * from './fake-upstream.ts';
export * from './fake-world.ts';
export * from './snapshots.ts';
