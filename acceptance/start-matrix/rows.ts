import { CONTENT_ROWS } from './content-rows.ts';
import type { Row } from './damage.ts';
import { DATABASE_ROWS } from './database-rows.ts';
import { FOLDER_ROWS } from './folder-rows.ts';
import { OTHER_ROWS } from './other-rows.ts';
import { SECRET_ROWS } from './secret-rows.ts';

/** The table of docs/operations.md, in its order. */
export const ROWS: readonly Row[] = [...FOLDER_ROWS, ...DATABASE_ROWS, ...SECRET_ROWS, ...CONTENT_ROWS, ...OTHER_ROWS];
