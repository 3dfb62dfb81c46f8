import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Espejo } from './espejo.ts';

/**
 * Asserts that no key, and not the secret that encrypts them, is in any answer so far, any line of the log or any byte
 * of the database, in plain text or in base64.
 */
export function expectNoKeys(espejo: Espejo, keys: Readonly<Record<string, string>>): void {
  const secret = readFileSync(join(espejo.dataDir, 'secret'), 'utf8').trim();
  const places: [string, string][] = [
    ['the answers', espejo.transcript.join('\n')],
    ['the log', espejo.log],
    ...readdirSync(espejo.dataDir)
      .filter((name) => name.startsWith('espejo.db'))
      .map((name): [string, string] => [name, readFileSync(join(espejo.dataDir, name), 'latin1')]),
  ];
  expect(places.length).toBeGreaterThanOrEqual(3);
  for (const [place, content] of places) {
    expect(content.length, place).toBeGreaterThan(1000);
    for (const [name, key] of Object.entries({ ...keys, secret })) {
      expect(content.includes(key), `${name} in ${place}`).toBe(false);
      expect(content.includes(Buffer.from(key).toString('base64')), `${name}, encoded, in ${place}`).toBe(false);
    }
  }
}
