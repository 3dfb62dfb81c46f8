import { WireError } from '@espejo/contracts/openai';
import type { SandboxRequest } from './exchange.ts';

export const DEFAULT_PROJECT = 'proj_sandbox';
export const DEFAULT_ORGANIZATION = 'org-sandbox';

/** Which project each key opens. Null: any key opens the default project. */
export type KeyRing = Readonly<Record<string, string>> | null;

/** The project a request's key opens, or 401. */
export function authorise(request: SandboxRequest, keys: KeyRing, organization: string): string {
  const key = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim();
  if (key === undefined) {
    throw new WireError(
      401,
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
        '(i.e. Authorization: Bearer YOUR_KEY).',
    );
  }
  if (keys === null) return DEFAULT_PROJECT;
  const project = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (project === undefined) {
    throw new WireError(
      401,
      `Incorrect API key provided: ${masked(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
      { code: 'invalid_api_key' },
    );
  }
  refuseMismatch(request.headers['openai-organization'], organization, 'Organization');
  refuseMismatch(request.headers['openai-project'], project, 'Project');
  return project;
}

function refuseMismatch(asked: string | undefined, actual: string, word: 'Organization' | 'Project'): void {
  if (asked === undefined || asked === '' || asked === actual) return;
  const noun = word.toLowerCase();
  throw new WireError(401, `OpenAI-${word} header should match ${noun} for API key`, { code: `mismatched_${noun}` });
}

function masked(key: string): string {
  return key.length <= 8 ? key : `${key.slice(0, 4)}${'*'.repeat(Math.min(24, key.length - 8))}${key.slice(-4)}`;
}
