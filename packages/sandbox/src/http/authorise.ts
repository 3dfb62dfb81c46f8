import { keyIncorrect, keyMissing, OpenAiError } from '@espejo/contracts/openai';
import type { SandboxRequest } from './exchange.ts';

export const DEFAULT_PROJECT = 'proj_sandbox';
export const DEFAULT_ORGANIZATION = 'org-sandbox';

/** The project of each key. Null: any key belongs to the default project. */
export type KeyRing = Readonly<Record<string, string>> | null;

/** The project of a request's key, or 401. */
export function authorise(request: SandboxRequest, keys: KeyRing, organization: string): string {
  const key = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim();
  if (key === undefined) {
    throw keyMissing();
  }
  if (keys === null) return DEFAULT_PROJECT;
  const project = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (project === undefined) {
    throw keyIncorrect(key, 'You can find your API key at https://platform.openai.com/account/api-keys.');
  }
  refuseMismatch(request.headers['openai-organization'], organization, 'Organization');
  refuseMismatch(request.headers['openai-project'], project, 'Project');
  return project;
}

function refuseMismatch(asked: string | undefined, actual: string, word: 'Organization' | 'Project'): void {
  if (asked === undefined || asked === '' || asked === actual) return;
  const noun = word.toLowerCase();
  throw new OpenAiError(401, `OpenAI-${word} header should match ${noun} for API key`, { code: `mismatched_${noun}` });
}
