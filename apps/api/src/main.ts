/** The API's process. Its first import must be in place before the last one loads the rest. */
import '@espejo/db/lean-imports';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// A function that is being compiled on another thread can keep a process from ending (nodejs/node#54918).
setFlagsFromString('--no-concurrent-sparkplug');

// Compiled code is cached between starts: without it, a start takes more than twice the processor time. Where the
// folder cannot be written, the start goes on without. NODE_COMPILE_CACHE names another folder.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/espejo-api', import.meta.url)));

await import('./serve.ts');
