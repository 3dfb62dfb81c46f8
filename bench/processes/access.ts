/** As `apps/api/src/main.ts`: first what must be in place, then the rest. */
import '@espejo/db/lean-imports';

await import('./access-methods.ts');
