import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileToParse } from '../parse/port.ts';

/** A folder of files for one test file. */
export interface FileFolder {
  /** Writes a file of this content, to be parsed under this name. */
  put(filename: string, content: Uint8Array | string): Promise<FileToParse>;
  remove(): Promise<void>;
}

export async function makeFileFolder(): Promise<FileFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'parse-'));
  let count = 0;
  return {
    async put(filename, content) {
      const bytes = Buffer.from(content);
      count += 1;
      const path = join(folder, `file-${count}`);
      await writeFile(path, bytes);
      return { path, filename, sizeBytes: bytes.length };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
