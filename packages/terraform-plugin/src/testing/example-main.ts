import { serveProvider } from '../server/serve.ts';
import { createExampleProvider } from './example-provider.ts';

/** The example as a process, for the tests; it also prints to stdout, which a provider must not. */
await serveProvider(() => {
  console.log('printed by the provider');
  return createExampleProvider({ rows: new Map(), fault: 'none' });
});
