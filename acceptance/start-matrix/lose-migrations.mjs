/** Preloaded: the program's folder `migrations` cannot be read, as when a copy of it is not whole. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { readFileSync } = fs;
fs.readFileSync = /** @type {typeof readFileSync} */ (
  (path, options) => {
    if (/[\\/]migrations[\\/]/.test(String(path)))
      throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' });
    return readFileSync(path, options);
  }
);
syncBuiltinESMExports();
