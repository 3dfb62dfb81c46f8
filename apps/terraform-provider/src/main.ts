import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { serveProvider } from '@espejo/terraform-plugin';
import { createProvider } from './provider.ts';

// A function that is being compiled on another thread can keep a process from ending (nodejs/node#54918).
setFlagsFromString('--no-concurrent-sparkplug');

/** The program that Terraform starts. */
serveProvider((log) => createProvider(process.env, log)).catch((cause: unknown) => {
  process.stderr.write(`[ERROR] ${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(1);
});
