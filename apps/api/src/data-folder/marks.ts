import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mark } from '@espejo/core';
import { z } from 'zod';
import { writeDurably } from './write-durably.ts';

/** In the data folder, in `blobs` and in `stores`: the installation they belong to. */
export const MARK_NAME = 'installation.json';
const MarkFile = z.object({ installation: z.string().min(1) });

export function readMark(folder: string): Mark {
  let text: string;
  try {
    text = readFileSync(join(folder, MARK_NAME), 'utf8');
  } catch (cause) {
    const isMissing = cause instanceof Error && ['ENOENT', 'ENOTDIR'].includes(String(Reflect.get(cause, 'code')));
    return { state: isMissing ? 'missing' : 'damaged' };
  }
  try {
    return { state: 'ok', installation: MarkFile.parse(JSON.parse(text)).installation };
  } catch {
    return { state: 'damaged' };
  }
}

/** Marks a folder as an installation's, unless it is marked so already. */
export function writeMark(folder: string, installation: string): void {
  const mark = readMark(folder);
  if (mark.state === 'ok' && mark.installation === installation) return;
  writeDurably(join(folder, MARK_NAME), `${JSON.stringify({ installation }, null, 2)}\n`);
}
