/** A process that works on an index until it is killed, and prints what has returned. */
import { createLocalIndex } from '../index/local-index.ts';
import {
  KILLED_MODEL,
  KILLED_STORE,
  killedFile,
  killedIndexOptions,
  NEXT_MODEL,
  newVectorOf,
} from './index-process-plan.ts';

const [folder = '', task = '', from = '0'] = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const index = createLocalIndex({
  ...killedIndexOptions(folder),
  newToken: () => `process-${process.pid}`,
});

if (task === 'upsert') {
  await index.open(KILLED_STORE, KILLED_MODEL);
  for (let n = Number(from); ; n += 1) {
    await index.upsertFile(KILLED_STORE, killedFile(n));
    say(`done ${n}`);
  }
} else if (task === 'build') {
  await index.open(KILLED_STORE, KILLED_MODEL);
  say('building');
  await index.settled();
  say('built');
} else {
  say('reembedding');
  let batches = 0;
  await index.reembed(KILLED_STORE, NEXT_MODEL, async (texts) => {
    batches += 1;
    say(`batch ${batches}`);
    return texts.map(newVectorOf);
  });
  say('reembedded');
}
