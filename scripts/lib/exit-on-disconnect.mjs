/** Preloaded (`--import`) into a server that is not ours: it ends when the process that started it is gone. */
import process from 'node:process';

process.once('disconnect', () => process.exit(0));
