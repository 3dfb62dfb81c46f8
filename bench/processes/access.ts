/** Imports in the order of `apps/api/src/main.ts`. */
import '@espejo/db/lean-imports';

await import('./access-methods.ts');
