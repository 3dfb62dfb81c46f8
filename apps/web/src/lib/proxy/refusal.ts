import { randomUUID } from 'node:crypto';
import { type Reach, type RequestFacts, refuseAtConsole } from '@espejo/core';

/** An error of the console itself, in the format of the API. */
export interface ConsoleError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Checks Host and Origin of a request, whatever its credentials. Null: the request is accepted. */
export function refuseRequest(facts: RequestFacts, reach: Reach): ConsoleError | null {
  switch (refuseAtConsole(facts, reach)) {
    case null:
      return null;
    case 'foreign_host':
      return forbidden(
        `The console does not answer for the host '${facts.host ?? ''}'. Open it at localhost, or set ESPEJO_PUBLIC_HOST to the name it is reached by.`,
      );
    case 'foreign_page':
      return forbidden(
        'This request did not come from a page of the console. Send it from the console, or, from a program, with an API key: Authorization: Bearer <key>.',
      );
  }
}

/** The body and headers of an error. */
export function errorParts({ code, message }: ConsoleError): { body: unknown; headers: Record<string, string> } {
  const requestId = `web_${randomUUID()}`;
  return {
    body: { error: { code, message, requestId } },
    headers: { 'x-request-id': requestId, 'cache-control': 'no-store' },
  };
}

function forbidden(message: string): ConsoleError {
  return { status: 403, code: 'forbidden_origin', message };
}
