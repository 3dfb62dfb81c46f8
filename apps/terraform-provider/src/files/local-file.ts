import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob, statSync } from 'node:fs';
import { basename } from 'node:path';
import { PluginError } from '@espejo/terraform-plugin';

/** Content to upload: from a path, or from the configuration. */
export interface LocalContent {
  readonly filename: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly open: () => Promise<Blob>;
}

/** Reads a file's name, size and hash. Throws a PluginError if it cannot be read. */
export async function readLocalFile(path: string, filename: string | null, attribute: string): Promise<LocalContent> {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new PluginError('Not a file', `'${path}' is not a file.`, { attribute });
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    return {
      filename: filename ?? basename(path),
      sha256: hash.digest('hex'),
      bytes,
      open: () => openAsBlob(path),
    };
  } catch (cause) {
    if (cause instanceof PluginError) throw cause;
    const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
    throw new PluginError(
      'The file cannot be read',
      `'${path}': ${code === 'ENOENT' ? 'there is no such file.' : String(code ?? cause)}`,
      {
        attribute,
        cause,
      },
    );
  }
}

/** The content of a configuration as a file. */
export function contentAsFile(content: string, filename: string): LocalContent {
  const buffer = Buffer.from(content, 'utf8');
  return {
    filename,
    sha256: createHash('sha256').update(buffer).digest('hex'),
    bytes: buffer.length,
    open: async () => new Blob([buffer]),
  };
}
