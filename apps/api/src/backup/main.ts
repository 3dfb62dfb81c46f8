/**
 * `npm run backup -- <folder>` and `npm run restore -- <folder>`: back up and restore the content of `ESPEJO_DATA_DIR`.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { commandDataDir, runCommand } from '../command.ts';
import { SetAsideFault } from '../data-folder/set-aside.ts';
import { makeBackup } from './make-backup.ts';
import { BackupFault } from './manifest.ts';
import { restoreBackup } from './restore-backup.ts';

const [verb, folder] = process.argv.slice(2);
const dataDir = commandDataDir(process.env);

await runCommand(async () => {
  if (folder === undefined) throw new BackupFault(`Name a folder: npm run ${verb} -- <folder>`);
  if (verb === 'backup') await backup(resolve(folder));
  else await restore(resolve(folder));
}, [BackupFault, SetAsideFault]);

async function backup(to: string): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const { files, counts, hasSecret } = await makeBackup({ dataDir, folder: to, version, createdAt: new Date() });
  console.log(
    `Backed up into ${to}: ${files.length} files, ${counts.vector_store ?? 0} stores, ${counts.file ?? 0} uploaded files.`,
  );
  if (!hasSecret)
    console.log('The secret is not included: keep ESPEJO_SECRET, without which stored keys cannot be decrypted.');
}

async function restore(from: string): Promise<void> {
  const { manifest, requeuedCount, setAside } = await restoreBackup({ folder: from, dataDir, now: new Date() });
  console.log(`Restored the backup of ${manifest.createdAt} into ${dataDir}.`);
  if (setAside !== null) console.log(`The previous data is in ${setAside}.`);
  if (requeuedCount > 0) console.log(`${requeuedCount} files will be ingested again.`);
}
