import { CONSOLE_ROUTES, type ConsoleOperation, ErrorBody, type RouteContract } from '@espejo/contracts';
import { z } from 'zod';
import type { DeclaredErrors } from './declared-errors.ts';
import type { FuzzedRequest } from './requests.ts';
import type { FuzzedAnswer } from './send-fuzzed.ts';

/** The error format under `/v1`: exactly OpenAI's. */
const WireErrorBody = z.strictObject({
  error: z.strictObject({
    message: z.string().min(3),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
  detail: z.strictObject({ message: z.string(), code: z.string().nullable() }).optional(),
});

/** Codes of upstream errors, and of content that is uploaded and deleted at the same time. */
const DECLARED_CODES = /^(upstream_\w+|content_busy)$/;
/** Stack traces, SQL, paths and package names. */
const INSIDES =
  /\bat (async )?[\w.<>]+ \(|\.(ts|mjs|cjs|js):\d|node_modules|node:internal|\/src\/|\bsqlite|SQLITE_|\bselect\b.+\bfrom\b|constraint failed|no such (table|column)|FST_|ERR_[A-Z]|\bzod\b|drizzle|fastify|busboy|undici|pino|Cannot read propert|is not a function|is not iterable|ENOENT|EACCES|\[object Object\]/i;

/**
 * Returns what is wrong with an answer, or null. `secrets` are texts that no answer may contain, by name;
 * `declared` are the errors of the documents.
 */
export function faultOf(
  request: FuzzedRequest,
  answer: FuzzedAnswer,
  by: { readonly secrets: Readonly<Record<string, string>>; readonly declared: DeclaredErrors },
): string | null {
  const { status, text, headers } = answer;
  if (status === null)
    return request.claimedLength === undefined ? 'the connection was closed without an answer' : null;
  const headerText = JSON.stringify(headers);
  for (const [name, secret] of Object.entries(by.secrets)) {
    if (text.includes(secret)) return `${name} is in the body`;
    if (headerText.includes(secret)) return `${name} is in the headers`;
  }
  if (headers.server !== undefined || headers['x-powered-by'] !== undefined) return 'the headers name the server';
  if (!headers['x-request-id']) return 'there is no request id';
  if (status < 400 || request.method === 'HEAD') {
    if (status >= 500) return `status ${status}`;
    return status < 400 ? faultOfSuccess(request, answer) : null;
  }
  // Text that the caller sent may be repeated.
  const said = withoutEcho(text, request);
  const inside = INSIDES.exec(said);
  if (inside !== null) return `the error shows internal details: ${inside[0]}`;
  if (!String(headers['content-type']).startsWith('application/json')) return 'the refusal is not JSON';
  const json = parse(text);
  const isWire = request.path.startsWith('/v1/') && headers['openai-version'] !== undefined;
  const shape = (isWire ? WireErrorBody : ErrorBody.strict()).safeParse(json);
  if (!shape.success) return `the refusal has another shape than declared: ${shape.error.message}`;
  const { code } = (json as { error: { code: string | null } }).error;
  if (status >= 500 && !DECLARED_CODES.test(code ?? '')) return `status ${status}, code ${code}`;
  const { operationId, isOwnMethod, isOnPath, claimedLength } = request;
  // With a wrong length the request may not have reached its operation.
  const isOfOperation = isOwnMethod && isOnPath && claimedLength === undefined;
  if (isOfOperation && by.declared.has(operationId, status, code) === false) {
    return `${operationId}: status ${status} with code ${code} is not in the document`;
  }
  return null;
}

function faultOfSuccess({ operationId, isOwnMethod }: FuzzedRequest, { status, text }: FuzzedAnswer): string | null {
  const contract: RouteContract | undefined = CONSOLE_ROUTES[operationId as ConsoleOperation];
  if (contract === undefined || !isOwnMethod) return null;
  if (status !== contract.status) return `status ${status} in place of ${contract.status}`;
  if (status === 204) return null;
  const shape = contract.response.safeParse(parse(text));
  return shape.success ? null : `the answer violates the contract: ${shape.error.message}`;
}

/** The text without the parts that the request contained. */
function withoutEcho(text: string, { path, headers, body, method }: FuzzedRequest): string {
  const sent = [path, method, ...Object.values(headers), body?.type ?? ''].filter((part) => part.length > 3);
  let rest = text;
  for (const part of sent) rest = rest.replaceAll(JSON.stringify(part).slice(1, -1), '');
  return rest;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
