/** `npm run confirm -- <what>`: confirms what Espejo does not decide automatically. */
import process from 'node:process';
import { commandDataDir, runCommand } from '../command.ts';
import { SetAsideFault } from '../data-folder/set-aside.ts';
import { CONFIRMATIONS, ConfirmFault } from './confirm.ts';

const [what = ''] = process.argv.slice(2);

await runCommand(async () => {
  const verb = CONFIRMATIONS[what];
  if (verb === undefined)
    throw new ConfirmFault(`Name what you confirm: npm run confirm -- ${Object.keys(CONFIRMATIONS).join(' | ')}`);
  console.log(await verb({ dataDir: commandDataDir(process.env), nowMs: Date.now() }));
}, [ConfirmFault, SetAsideFault]);
