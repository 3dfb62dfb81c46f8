/**
 * `npm run reset-password -- <e-mail>`: sets a new password for an account of `ESPEJO_DATA_DIR`, also while Espejo
 * runs.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { openDatabase } from '@espejo/db';
import { pino } from 'pino';
import { commandDataDir, runCommand } from './command.ts';
import { ConfigError, loadConfig } from './config.ts';
import { openSecretFile } from './secret/secret-file.ts';
import { resetPassword } from './services/accounts/reset-password.ts';
import { DEFAULT_TENANT_ID } from './services/tenant-ids.ts';
import { wireAccounts } from './wire-accounts.ts';

const [email] = process.argv.slice(2);

await runCommand(async () => {
  if (email === undefined) throw new ConfigError('Name an account: npm run reset-password -- <e-mail>');
  const path = join(commandDataDir(process.env), 'espejo.db');
  if (!existsSync(path)) throw new ConfigError(`There is no Espejo at ${path}. Set ESPEJO_DATA_DIR to its folder.`);
  console.log(`The new password of ${email}: ${await reset(email, path)}`);
  console.log('It is shown only once, and every session of the account has ended. Sign in with it, then change it.');
}, []);

async function reset(account: string, path: string): Promise<string> {
  const config = loadConfig(process.env);
  const secret = config.secret ?? openSecretFile(config.dataDir).current();
  if (secret === null) throw new ConfigError(`There is no secret in ${config.dataDir}, and none in ESPEJO_SECRET.`);
  const db = openDatabase({ path });
  try {
    const deps = {
      db,
      clock: { nowMs: () => Date.now() },
      log: pino({ level: 'silent' }),
      randomHex: (length: number) => randomBytes(length).toString('hex').slice(0, length),
    };
    const accounts = await wireAccounts({ ...config, secret }, { ...deps, operatorTenantId: DEFAULT_TENANT_ID, fetch });
    return await resetPassword({ ...deps, accounts }, { email: account });
  } finally {
    await db.close();
  }
}
