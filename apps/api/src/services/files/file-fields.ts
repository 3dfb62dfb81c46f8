import { baseNameOf, countCharacters } from '@espejo/contracts';
import { AppError } from '@espejo/core';

/** What a file may be for, as OpenAI has it; other purposes are its own to give. */
export const FILE_PURPOSES = ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] as const;

const FILENAME_MAX = 512;
const EXPIRES_AFTER_S = { min: 3_600, max: 2_592_000 } as const;

/**
 * The name a file is kept under: the base name of what its sender called it. Every door that makes a file goes through
 * this. Throws `invalid_request` when nothing of a name is left, or too much.
 */
export function readFilename(given: string): string {
  const name = baseNameOf(given);
  if (name === '' || countCharacters(name) > FILENAME_MAX) {
    throw new AppError('invalid_request', `A filename has 1 to ${FILENAME_MAX} characters, beside its path.`, {
      details: { param: 'file' },
    });
  }
  return name;
}

/** Throws `invalid_request` for what OpenAI would refuse. */
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
