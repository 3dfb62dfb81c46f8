import process from 'node:process';
import { serveProvider } from '@espejo/terraform-plugin';
import { createProvider } from './provider.ts';

/** The program that Terraform starts. */
serveProvider((log) => createProvider(process.env, log)).catch((cause: unknown) => {
  process.stderr.write(`[ERROR] ${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(1);
});
