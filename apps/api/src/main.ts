/** The API's process. Its first import must be in place before the second one loads the rest. */
import '@espejo/db/lean-imports';

await import('./serve.ts');
