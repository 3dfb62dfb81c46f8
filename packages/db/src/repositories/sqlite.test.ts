import { describe } from 'vitest';
import { openTempDatabase } from '../testing/temp-database.ts';
import { agentsSuite } from './agents.suite.ts';
import { attachmentsSuite } from './attachments.suite.ts';
import { connectionsSuite } from './connections.suite.ts';
import { deletionsSuite } from './deletions.suite.ts';
import { fileListSuite } from './file-list.suite.ts';
import { filesSuite } from './files.suite.ts';
import { ingestionQueueSuite } from './ingestion-queue.suite.ts';
import { leasesSuite } from './leases.suite.ts';
import { mirrorStoresSuite } from './mirror-stores.suite.ts';
import { storageDebtSuite } from './storage-debt.suite.ts';
import { storeExpirySuite } from './store-expiry.suite.ts';
import { syncChangesSuite } from './sync-changes.suite.ts';
import { syncRemovalsSuite } from './sync-removals.suite.ts';
import { syncRunsSuite } from './sync-runs.suite.ts';
import { tenantsSuite } from './tenants.suite.ts';
import { vectorStoresSuite } from './vector-stores.suite.ts';

/** Every repository suite on SQLite at the real migrations. A second database runs the same suites. */
describe('repositories on SQLite', () => {
  describe('tenants', () => tenantsSuite(openTempDatabase));
  describe('connections', () => connectionsSuite(openTempDatabase));
  describe('vector stores', () => vectorStoresSuite(openTempDatabase));
  describe('the end of stores', () => storeExpirySuite(openTempDatabase));
  describe('mirrored stores', () => mirrorStoresSuite(openTempDatabase));
  describe('attachments', () => attachmentsSuite(openTempDatabase));
  describe('files', () => filesSuite(openTempDatabase));
  describe('the file list', () => fileListSuite(openTempDatabase));
  describe('sync runs', () => syncRunsSuite(openTempDatabase));
  describe('sync changes', () => syncChangesSuite(openTempDatabase));
  describe('sync removals', () => syncRemovalsSuite(openTempDatabase));
  describe('deletions', () => deletionsSuite(openTempDatabase));
  describe('storage debt', () => storageDebtSuite(openTempDatabase));
  describe('the queue of files to take in', () => ingestionQueueSuite(openTempDatabase));
  describe('agents', () => agentsSuite(openTempDatabase));
  describe('leases', () => leasesSuite(openTempDatabase));
});
