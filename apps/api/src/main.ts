/** The API's process. Its first import must be in place before the last one loads the rest. */
import '@espejo/db/lean-imports';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiled code is cached between starts: without it, a start takes more than twice the processor time. Where the
// folder cannot be written, the start goes on without. NODE_COMPILE_CACHE names another folder.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/espejo-api', import.meta.url)));

await import('./serve.ts');
