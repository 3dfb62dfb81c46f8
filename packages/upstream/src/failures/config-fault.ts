import type { UpstreamErrorKind, UpstreamOptions } from '../port.ts';

export interface ConfigFault {
  readonly kind: UpstreamErrorKind;
  readonly message: string;
}

/** The characters that HTTP allows in a header value, without the space: no key or id has any other. */
const SENDABLE = /^[\x21-\x7e]+$/;

/** Finds invalid options before a request is sent, so that no error echoes them. */
export function findConfigFault(options: UpstreamOptions): ConfigFault | null {
  const url = URL.parse(options.baseUrl);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return { kind: 'unavailable', message: 'The base URL of the connection is not an http or https URL. Correct it.' };
  }
  if (url.username !== '' || url.password !== '') {
    return {
      kind: 'unavailable',
      message:
        'The base URL of the connection holds a user name or password. Remove them; the API key is sent instead.',
    };
  }
  if (!SENDABLE.test(options.apiKey)) {
    return {
      kind: 'unauthorized',
      message: 'The API key of the connection is empty or holds characters that no key has. Enter it again.',
    };
  }
  for (const [name, value] of [
    ['organization', options.organization],
    ['project', options.project],
  ] as const) {
    if (value && !SENDABLE.test(value)) {
      return { kind: 'unauthorized', message: `The ${name} of the connection is not a valid id. Correct or clear it.` };
    }
  }
  return null;
}
