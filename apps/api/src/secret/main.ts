/** `npm run rotate-secret`: seals what is sealed under a new secret. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import process from 'node:process';
import { RotationFault, rotateSecret } from './rotate-secret.ts';

try {
  const { keyCount, place } = await rotateSecret({
    dataDir: resolve(process.env.ESPEJO_DATA_DIR || './data'),
    given: process.env.ESPEJO_SECRET || null,
    wanted: process.env.ESPEJO_SECRET_NEW || null,
    newSecret: () => randomBytes(32).toString('base64url'),
    nowMs: Date.now,
  });
  console.log(`Rotated: ${keyCount} stored ${keyCount === 1 ? 'key is' : 'keys are'} sealed under the new secret.`);
  if (place === 'environment') console.log('Put the new one into ESPEJO_SECRET before the next start.');
  console.log('Backups made before need the old one: keep it as long as you keep them.');
} catch (cause) {
  if (!(cause instanceof RotationFault)) throw cause;
  console.error(`Not done: ${cause.message}`);
  process.exitCode = 1;
}
