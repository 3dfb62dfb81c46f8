import { createHash } from 'node:crypto';
import { chownSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Start } from './run-start.ts';

export const CONTENT = 'Lighthouses guide ships at night.';

export interface Seeded {
  readonly storeId: string;
  readonly trashedId: string;
  readonly fileId: string;
}

/** Fills a new installation: a store with an ingested file, a store in the trash, a stored key. */
export async function seed(start: Start): Promise<Seeded> {
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await start.request(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, string>;
  };
  const { id: storeId = '' } = await send('POST', '/v1/vector_stores', { name: 'Kept' });
  const { id: trashedId = '' } = await send('POST', '/v1/vector_stores', { name: 'Trashed' });
  const form = new FormData();
  form.set('purpose', 'assistants');
  form.set('file', new File([CONTENT], 'light.md'));
  const { id: fileId = '' } = await send('POST', '/v1/files', form);
  await send('POST', `/v1/vector_stores/${storeId}/files`, { file_id: fileId });
  for (;;) {
    const { status } = await send('GET', `/v1/vector_stores/${storeId}/files/${fileId}`);
    if (status === 'completed') break;
    if (status !== 'in_progress') throw new Error(`The file is ${status}.`);
    await delay(20);
  }
  await send('DELETE', `/v1/vector_stores/${trashedId}`);
  await send('POST', '/api/connections', {
    name: 'Stored',
    baseUrl: 'http://127.0.0.1:9/v1',
    apiKey: 'sk-stored',
    isSyncEnabled: false,
  });
  return { storeId, trashedId, fileId };
}

/** The hash of every file under a folder, by path, except files that reading the database creates. */
export function hashesOf(folder: string): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const path of filesUnder(folder)) {
    const bytes = readFileSync(path);
    const name = relative(folder, path);
    if (name.endsWith('.db-shm') || (name.endsWith('.db-wal') && bytes.length === 0)) continue;
    hashes.set(name, createHash('sha256').update(bytes).digest('hex'));
  }
  return hashes;
}

function filesUnder(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesUnder(join(path, name)));
}

/** Gives a folder and all in it to another user. */
export function giveAll(path: string, uid: number): void {
  chownSync(path, uid, uid);
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) giveAll(join(path, name), uid);
}
