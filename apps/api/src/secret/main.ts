/** `npm run rotate-secret`: encrypts everything again with a new secret. */
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { commandDataDir, runCommand } from '../command.ts';
import { RotationFault, rotateSecret } from './rotate-secret.ts';

await runCommand(async () => {
  const { keyCount, place } = await rotateSecret({
    dataDir: commandDataDir(process.env),
    given: process.env.ESPEJO_SECRET || null,
    wanted: process.env.ESPEJO_SECRET_NEW || null,
    newSecret: () => randomBytes(32).toString('base64url'),
    nowMs: Date.now,
  });
  console.log(`Rotated: ${keyCount} stored ${keyCount === 1 ? 'key is' : 'keys are'} encrypted with the new secret.`);
  if (place === 'environment') console.log('Put the new one into ESPEJO_SECRET before the next start.');
  console.log('Backups made before need the old one: keep it as long as you keep them.');
}, [RotationFault]);
