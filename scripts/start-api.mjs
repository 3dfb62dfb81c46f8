/** `npm run start:api`: the API alone, in the foreground. Ready when `/readyz` answers 200. */
import process from 'node:process';
import { API_ARGS } from './lib/api-args.mjs';
import { runCli } from './lib/cli.mjs';
import { ensureInstalled } from './lib/ensure-install.mjs';
import { dataDir } from './lib/paths.mjs';
import { readPort, requireFreePort } from './lib/ports.mjs';
import { runNode24 } from './lib/run-node.mjs';

/** A server that was just killed may not have released its port yet. */
const PORT_GRACE_MS = 5_000;

runCli(async () => {
  await ensureInstalled();
  const port = readPort(process.env, 'API_PORT', 4000, { isZeroAllowed: true });
  if (port !== 0) await requireFreePort({ port, name: 'API_PORT', what: 'the API', graceMs: PORT_GRACE_MS });
  await runNode24(API_ARGS, { ESPEJO_DATA_DIR: dataDir(process.env) });
});
