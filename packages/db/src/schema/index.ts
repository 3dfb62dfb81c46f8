export * from './connection.ts';
export * from './deletion.ts';
export * from './file.ts';
export * from './ingestion.ts';
export * from './sync.ts';
export * from './tenant.ts';
export * from './upload.ts';
export * from './vector-store.ts';
