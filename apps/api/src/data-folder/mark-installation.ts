import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '@espejo/db';
import type { RandomHex } from '../ports.ts';
import { opensSealed } from '../secret/sealed-keys.ts';
import { sealSecretCheck } from '../secret/secret-check.ts';
import type { SecretBox } from '../secrets.ts';
import { inspectDataFolder } from './inspect-data-folder.ts';
import {
  INSTALLATION_FACT,
  Installation,
  MISSING_BLOBS_FACT,
  SECRET_CHECK_FACT,
  SecretCheck,
} from './installation-facts.ts';
import { readMark, writeMark } from './marks.ts';

/** Folders that may be separate mounts, and have a mark of their own. */
const MARKED = ['.', 'blobs', 'stores'] as const;

export interface MarkInput {
  readonly db: Database;
  readonly dataDir: string;
  readonly secrets: SecretBox;
  readonly randomHex: RandomHex;
}

/**
 * Writes the installation's id into the database and its folders, and into the database the check value of its secret.
 */
export async function markInstallation({ db, dataDir, secrets, randomHex }: MarkInput): Promise<void> {
  const installation = await nameInstallation(db, dataDir, randomHex);
  await keepSecretCheck(db, secrets);
  if ((await db.read.installationFacts.find(MISSING_BLOBS_FACT)) !== undefined) {
    // Contents that are back are checked again.
    if (inspectDataFolder(dataDir, null).blobs.hasContent)
      await db.transaction((tx) => tx.installationFacts.remove(MISSING_BLOBS_FACT));
  }
  markFolders(dataDir, installation);
}

export function markFolders(dataDir: string, installation: string): void {
  for (const name of MARKED) {
    const folder = join(dataDir, name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeMark(folder, installation);
  }
}

async function nameInstallation(db: Database, dataDir: string, randomHex: RandomHex): Promise<string> {
  const known = Installation.safeParse(await db.read.installationFacts.find(INSTALLATION_FACT));
  if (known.success) return known.data.id;
  // A backup of an older version has no id: it is restored into a folder that has one.
  const marks = MARKED.map((name) => readMark(join(dataDir, name)));
  const marked = marks.find((mark) => mark.state === 'ok');
  const id = marked?.installation ?? `inst_${randomHex(32)}`;
  return db.transaction(
    async (tx) => Installation.parse(await tx.installationFacts.ensure(INSTALLATION_FACT, { id })).id,
  );
}

async function keepSecretCheck(db: Database, secrets: SecretBox): Promise<void> {
  const check = SecretCheck.safeParse(await db.read.installationFacts.find(SECRET_CHECK_FACT));
  if (check.success && 'sealed' in check.data) return;
  // While a stored key cannot be decrypted, the right secret is unknown. After a user's confirmation it is this one.
  if (!check.success && ['some', 'none'].includes(await opensSealed(db.read, secrets))) return;
  await db.transaction((tx) => tx.installationFacts.set(SECRET_CHECK_FACT, { sealed: sealSecretCheck(secrets) }));
}
