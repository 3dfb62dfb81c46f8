import { isAboutOneStore, type RouteContract } from '@espejo/contracts';
import { ERROR_TABLE, type ErrorCode } from '@espejo/core';

declare module 'fastify' {
  interface FastifySchema {
    /** The error codes of an operation of `/api`; the OpenAPI document shows them by status. */
    'x-errors'?: readonly ErrorCode[];
  }
}

type Traits = Pick<RouteContract, 'method' | 'path' | 'action' | 'errors'> &
  Partial<Pick<RouteContract, 'isForOperators' | 'isGrowing' | 'params' | 'query' | 'body'>>;

/** Possible for every operation. */
const ALWAYS: readonly ErrorCode[] = ['forbidden_origin', 'unsupported_media_type', 'internal', 'database_busy'];
/** Possible where authentication is needed. */
const ADMITTED: readonly ErrorCode[] = ['unauthorized', 'key_throttled', 'rate_limit_exceeded', 'tenant_required'];
const BY_ROLE: readonly ErrorCode[] = ['role_insufficient', 'scope_insufficient'];
const PERSON: readonly ErrorCode[] = ['unauthorized', 'key_throttled', 'session_required'];
const WITH_BODY: readonly ErrorCode[] = ['invalid_json', 'body_too_large', 'database_full'];

/** Every error code of an operation: its own, and those that follow from its contract. */
export function errorsOf(contract: Traits): ErrorCode[] {
  const { method, action, errors } = contract;
  const codes = new Set<ErrorCode>([...ALWAYS, ...errors.map(asCode)]);
  const add = (more: readonly ErrorCode[]) => {
    for (const code of more) codes.add(code);
  };
  if (action === 'person') add(PERSON);
  else if (action !== 'open') add(ADMITTED);
  if (action !== 'open' && action !== 'person' && action !== 'any') add(BY_ROLE);
  if (contract.isForOperators) add(['operator_required']);
  if (contract.isGrowing) add(['disk_full']);
  if (isAboutOneStore(contract)) add(['vector_store_not_found']);
  if (contract.params ?? contract.query ?? contract.body) add(['invalid_request']);
  if (takesCursor(contract.query)) add(['unknown_cursor']);
  if (method !== 'GET') add(WITH_BODY);
  return [...codes].toSorted();
}

function takesCursor(query: unknown): boolean {
  return Object.hasOwn(Object(Object(query).shape), 'cursor');
}

function asCode(code: string): ErrorCode {
  if (!Object.hasOwn(ERROR_TABLE, code)) throw new Error(`'${code}' is no error code`);
  return code as ErrorCode;
}
