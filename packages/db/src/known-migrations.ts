import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../migrations', import.meta.url));

/** The folder `migrations` is missing or incomplete: this copy of the program is damaged. */
export class MigrationsMissing extends Error {}

/** The database has migrations that this version does not have. */
export class NewerDatabase extends Error {}

/** When each migration was made, which is how the database identifies it. Throws MigrationsMissing. */
export function knownMigrations(): readonly number[] {
  try {
    const journal = JSON.parse(readFileSync(join(MIGRATIONS_FOLDER, 'meta', '_journal.json'), 'utf8')) as {
      entries: { when: number }[];
    };
    return journal.entries.map(({ when }) => when);
  } catch (cause) {
    throw new MigrationsMissing(
      'The folder migrations of this copy of Espejo is missing or incomplete. Reinstall Espejo, and leave the data folder as it is.',
      { cause },
    );
  }
}

/** The number of migrations of this version: a database that has more was made by a newer one. */
export function knownMigrationCount(): number {
  return knownMigrations().length;
}
