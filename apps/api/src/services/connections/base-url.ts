import { AppError } from '@espejo/core';

/**
 * Why a URL cannot be the base URL of an OpenAI-compatible server, or null. Users see it, so it must hold no secret.
 */
export function findBaseUrlFault(baseUrl: string): string | null {
  const url = URL.parse(baseUrl);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return 'must be an http or https URL, as in https://api.openai.com/v1';
  }
  if (url.username !== '' || url.password !== '') {
    return 'must hold no user name or password; the API key is sent instead';
  }
  return /[?#]/.test(baseUrl) ? 'must hold no query and no fragment; paths are put behind it' : null;
}

/** Normalises a base URL, so that duplicates are found. Throws `invalid_base_url`. */
export function normalizeBaseUrl(baseUrl: string): string {
  const fault = findBaseUrlFault(baseUrl);
  if (fault !== null) throw new AppError('invalid_base_url', `The base URL ${fault}.`);
  return new URL(baseUrl).href.replace(/\/+$/, '');
}
