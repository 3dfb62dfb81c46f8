import { baseNameOf, countCharacters } from '@espejo/contracts';
import { AppError } from '@espejo/core';

/** The purposes of OpenAI that a client may set; others are set by OpenAI itself. */
export const FILE_PURPOSES = ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] as const;

const FILENAME_MAX = 512;
const EXPIRES_AFTER_S = { min: 3_600, max: 2_592_000 } as const;

/**
 * The stored filename: the base name of what the client sent. Every endpoint that creates a file uses this. Throws
 * `invalid_request` when the name is empty or too long.
 */
export function readFilename(given: string): string {
  const name = baseNameOf(given);
  if (name === '' || countCharacters(name) > FILENAME_MAX) {
    throw new AppError('invalid_request', `A filename has 1 to ${FILENAME_MAX} characters, without its path.`, {
      details: { param: 'file' },
    });
  }
  return name;
}

/** Throws `invalid_request` for what OpenAI would reject. */
export function assertFileFields(fields: { readonly purpose: string; readonly expiresAfterS: number | null }): void {
  const { purpose, expiresAfterS } = fields;
  if (!(FILE_PURPOSES as readonly string[]).includes(purpose)) {
    const list = FILE_PURPOSES.map((name) => `'${name}'`).join(', ');
    throw new AppError('invalid_request', `'${purpose}' is not one of [${list}] - 'purpose'`, {
      details: { param: 'purpose' },
    });
  }
  if (expiresAfterS === null) return;
  const { min, max } = EXPIRES_AFTER_S;
  if (!Number.isInteger(expiresAfterS) || expiresAfterS < min || expiresAfterS > max) {
    throw new AppError('invalid_request', `A file expires ${min} to ${max} whole seconds after its creation.`, {
      details: { param: 'expires_after' },
    });
  }
}
