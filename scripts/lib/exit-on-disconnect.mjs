/** Preloaded (`--import`) into a third-party server, so that it ends when its parent process is gone. */
import process from 'node:process';

process.once('disconnect', () => process.exit(0));
