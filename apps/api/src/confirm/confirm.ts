import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { asSystem, believe } from '@espejo/core';
import { type Database, isDatabaseInUse, openDatabase, type Repositories } from '@espejo/db';
import { requeueMissing } from '../backup/requeue-missing.ts';
import { inspectDataFolder } from '../data-folder/inspect-data-folder.ts';
import {
  INSTALLATION_FACT,
  Installation,
  MISSING_BLOBS_FACT,
  SECRET_CHECK_FACT,
} from '../data-folder/installation-facts.ts';
import { markFolders } from '../data-folder/mark-installation.ts';
import { setAsideExistingData } from '../data-folder/set-aside.ts';
import { CLOCK_FACT } from '../safekeeping/certain-clock.ts';
import { SWEEP_APPROVAL_FACT, SWEEP_QUESTION_FACT, SweepQuestion } from '../services/ingestion/sweep-blobs.ts';
import { DEFAULT_TENANT_ID } from '../services/tenant-ids.ts';

/** Why something was not confirmed, in a sentence for the user. */
export class ConfirmFault extends Error {}

export interface ConfirmInput {
  readonly dataDir: string;
  readonly nowMs: number;
}

/** The confirmations; each returns a sentence that says what was done. */
export const CONFIRMATIONS: Readonly<Record<string, (input: ConfirmInput) => Promise<string>>> = {
  clock: confirmClock,
  sweep: confirmSweep,
  'new-database': confirmNewDatabase,
  'new-secret': confirmNewSecret,
  folder: confirmFolder,
  'missing-blobs': confirmMissingBlobs,
  'missing-stores': confirmMissingStores,
};

/**
 * The clock of this machine is right: data that is due for deletion by its age may be deleted. Works while Espejo runs.
 */
async function confirmClock({ dataDir, nowMs }: ConfirmInput): Promise<string> {
  const at = new Date(nowMs).toISOString();
  await withDatabase(dataDir, async (db) =>
    db.transaction(async (tx) => {
      await tx.installationFacts.set(CLOCK_FACT, believe(nowMs));
      await record(tx, nowMs, { action: 'clock.confirmed', subject: 'clock', detail: { at } });
    }),
  );
  return `The clock is confirmed at ${at}. Data that is due for deletion by its age is deleted within a minute or two.`;
}

/** Approves exactly the contents of the last sweep that needed approval. Works while Espejo runs. */
async function confirmSweep({ dataDir, nowMs }: ConfirmInput): Promise<string> {
  const count = await withDatabase(dataDir, async (db) =>
    db.transaction(async (tx) => {
      const asked = SweepQuestion.safeParse(await tx.installationFacts.find(SWEEP_QUESTION_FACT));
      if (!asked.success) throw new ConfirmFault('No sweep waits for approval.');
      const { hash } = asked.data;
      await tx.installationFacts.set(SWEEP_APPROVAL_FACT, { hash });
      await record(tx, nowMs, { action: 'sweep.approved', subject: hash, detail: { count: asked.data.count } });
      return asked.data.count;
    }),
  );
  return `Approved: the next sweep, within the hour, sets ${count} contents aside and keeps them for 30 days. If more are found until then, it needs another approval.`;
}

/** Moves data without its database aside, so that the next start begins with an empty folder. */
async function confirmNewDatabase({ dataDir, nowMs }: ConfirmInput): Promise<string> {
  const { state } = inspectDataFolder(dataDir, null).database;
  if (state !== 'missing' && state !== 'empty' && state !== 'unmigrated')
    throw new ConfirmFault(
      `There is a database in ${dataDir}. To start with an empty installation, move the data folder away.`,
    );
  const aside = await setAsideExistingData(dataDir, 'set-aside', new Date(nowMs), { hasCaches: true });
  if (aside === null)
    throw new ConfirmFault(`There is nothing in ${dataDir}; the next start creates a new installation.`);
  return `The data of ${dataDir} is in ${aside}. The next start creates a new installation.`;
}

/** The secret is lost: the next start uses the one it finds, or creates one. */
async function confirmNewSecret({ dataDir, nowMs }: ConfirmInput): Promise<string> {
  requireStopped(dataDir);
  await withDatabase(dataDir, async (db) =>
    db.transaction(async (tx) => {
      await tx.installationFacts.set(SECRET_CHECK_FACT, { isRenewed: true });
      await record(tx, nowMs, { action: 'secret.renewed', subject: 'secret', detail: {} });
    }),
  );
  const path = join(dataDir, 'secret');
  const aside = `${path}.${new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-')}`;
  if (existsSync(path)) await rename(path, aside);
  return 'The next start uses ESPEJO_SECRET, or a new secret where that is not set. Enter the keys of the connections again; every user has to sign in again.';
}

/** The parts of the folder belong to this database, whatever their marks say. */
async function confirmFolder({ dataDir, nowMs }: ConfirmInput): Promise<string> {
  requireStopped(dataDir);
  const id = await withDatabase(dataDir, async (db) => {
    const installation = Installation.safeParse(await db.read.installationFacts.find(INSTALLATION_FACT));
    const { id: known } = installation.success ? installation.data : { id: `inst_${randomBytes(16).toString('hex')}` };
    await db.transaction(async (tx) => {
      await tx.installationFacts.set(INSTALLATION_FACT, { id: known });
      await record(tx, nowMs, { action: 'installation.confirmed', subject: known, detail: {} });
    });
    return known;
  });
  markFolders(dataDir, id);
  return `The folder ${dataDir}, with blobs and stores in it, belongs to its database from now on.`;
}

/** Espejo continues without the contents of its files. */
async function confirmMissingBlobs({ dataDir, nowMs }: ConfirmInput): Promise<string> {
  requireStopped(dataDir);
  await withDatabase(dataDir, async (db) =>
    db.transaction(async (tx) => {
      await tx.installationFacts.set(MISSING_BLOBS_FACT, true);
      await record(tx, nowMs, { action: 'file.contents_given_up', subject: 'blobs', detail: {} });
    }),
  );
  return 'The next start continues without the contents. Files stay listed, and their ingested text stays searchable; their bytes cannot be read.';
}

/** Files whose index is missing are ingested again. */
async function confirmMissingStores({ dataDir, nowMs }: ConfirmInput): Promise<string> {
  requireStopped(dataDir);
  await withDatabase(dataDir, async () => undefined);
  const count = await requeueMissing(dataDir, new Date(nowMs));
  return `${count} files are ingested again after the next start.`;
}

function requireStopped(dataDir: string): void {
  const path = join(dataDir, 'espejo.db');
  if (existsSync(path) && isDatabaseInUse(path))
    throw new ConfirmFault('Espejo is running on this data folder. Stop it, then confirm.');
}

async function withDatabase<T>(dataDir: string, work: (db: Database) => Promise<T>): Promise<T> {
  const path = join(dataDir, 'espejo.db');
  if (!existsSync(path)) throw new ConfirmFault(`There is no database of Espejo in ${dataDir}.`);
  const db = openDatabase({ path });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function record(
  tx: Repositories,
  atMs: number,
  event: { readonly action: string; readonly subject: string; readonly detail: Record<string, string | number> },
): Promise<void> {
  await tx.audit.append(asSystem(DEFAULT_TENANT_ID, 'confirm'), { atMs, outcome: 'done', ...event });
}
