import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createApp } from '../app.ts';
import { loadConfig } from '../config.ts';
import type { Services } from '../services/services.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import { wire } from '../wire.ts';

/** The whole API as it is served, over real sockets, with its log in memory. */
export interface ServedApi {
  readonly services: Services;
  readonly url: string;
  readonly lines: Record<string, unknown>[];
  /** The log as it was written. */
  text(): string;
  /** Sends JSON, and returns JSON whatever the status; `undefined` where there is none. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<unknown>;
  /** Uploads a text file, as an SDK does, and returns its id. */
  upload(filename: string, text: string): Promise<string>;
}

/** Serves it with the built-in sandbox, without its schedule, unless the environment says otherwise. */
export async function serveApi(env: Readonly<Record<string, string>> = {}): Promise<ServedApi> {
  const dataDir = mkdtempSync(join(tmpdir(), 'espejo-served-'));
  const written: string[] = [];
  const logger = createLogger('debug', { write: (line: string) => void written.push(line) });
  const config = loadConfig({ ESPEJO_DATA_DIR: dataDir, ESPEJO_SYNC_ENABLED: 'false', ...env });
  const services = await wire(config, logger);
  const app = await createApp({
    services,
    auth: config,
    logger,
  });
  onTestFinished(async () => {
    await services.stop();
    await app.close();
    await services.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  await services.start();
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const bearer: Record<string, string> = config.apiKey === null ? {} : { authorization: `Bearer ${config.apiKey}` };
  return {
    services,
    url,
    get lines() {
      return written.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    text: () => written.join(''),
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { ...bearer, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return text === '' ? undefined : JSON.parse(text);
    },
    async upload(filename, text) {
      const form = new FormData();
      form.set('purpose', 'assistants');
      form.set('file', new File([text], filename));
      const response = await fetch(`${url}/v1/files`, { method: 'POST', body: form, headers: bearer });
      return ((await response.json()) as { id: string }).id;
    },
  };
}
