/** Preloaded: the folder `migrations` of the program cannot be read, as in an incomplete copy. */
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
