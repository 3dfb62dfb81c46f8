/** `npm run terraform:docs`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProvider } from '../provider.ts';
import { docsPages } from './pages.ts';

const FOLDER = fileURLToPath(new URL('../../../../docs/terraform', import.meta.url));

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const [name, text] of docsPages(createProvider({}, () => undefined))) writeFileSync(join(FOLDER, name), text);
