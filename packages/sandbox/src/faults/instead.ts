import { attachmentNotFound, fileNotFound, OpenAiError, storeNotFound } from '@espejo/contracts/openai';
import { errorReply } from '../http/error-reply.ts';
import { jsonReply, type SandboxReply } from '../http/exchange.ts';
import { unknownCursor } from '../state/page.ts';
import type { FaultOf } from './fault.ts';
import type { FaultTarget, MatchedFault } from './fault-set.ts';

/** What happens instead of the call. */
export type Instead =
  | { readonly kind: 'reply'; readonly reply: SandboxReply }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' };

/** The first active fault that replaces the call; null when there is none. */
export function insteadOf(activeFaults: readonly MatchedFault[], request: FaultTarget): Instead | null {
  for (const { fault, lookups } of activeFaults) {
    switch (fault.kind) {
      case 'status':
        return { kind: 'reply', reply: statusReply(fault) };
      case 'missing_scope':
        return { kind: 'reply', reply: missingScopeReply(fault.scope) };
      case 'object_lag': {
        const reply = lagReply(request, lookups, fault.lookups);
        if (reply !== null) return { kind: 'reply', reply };
        break;
      }
      case 'removal_lag': {
        const reply = removalLagReply(request, lookups, fault.lookups);
        if (reply !== null) return { kind: 'reply', reply };
        break;
      }
      case 'html':
        return { kind: 'reply', reply: htmlReply(fault.status) };
      case 'cursor_rejected': {
        const param = request.query.has('after') ? 'after' : 'before';
        return { kind: 'reply', reply: errorReply(unknownCursor(param, request.query.get(param) ?? '')) };
      }
      case 'hang':
      case 'drop':
        if (fault.effect === 'before') return { kind: fault.kind };
        break;
      case 'not_deleted':
        if (!fault.isEffective) return { kind: 'reply', reply: notDeletedReply(request.path) };
        break;
      default:
    }
  }
  return null;
}

const STATUS_TEXTS: Readonly<
  Record<number, { readonly message: string; readonly type: string; readonly code: string | null }>
> = {
  401: { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' },
  403: {
    message: 'You have insufficient permissions for this operation.',
    type: 'invalid_request_error',
    code: null,
  },
  404: { message: 'Not found', type: 'invalid_request_error', code: null },
  429: { message: 'Rate limit reached for requests.', type: 'requests', code: 'rate_limit_exceeded' },
  503: { message: 'The server is overloaded or not ready yet.', type: 'server_error', code: 'server_is_overloaded' },
};
const SERVER_ERROR = {
  message: 'The server had an error while processing your request. Sorry about that!',
  type: 'server_error',
  code: null,
};
const CLIENT_ERROR = { message: 'The request was refused.', type: 'invalid_request_error', code: null };

function statusReply(fault: FaultOf<'status'>): SandboxReply {
  const usual = STATUS_TEXTS[fault.status] ?? (fault.status >= 500 ? SERVER_ERROR : CLIENT_ERROR);
  const error = {
    message: fault.message ?? usual.message,
    type: fault.type ?? usual.type,
    param: null,
    code: fault.code === undefined ? usual.code : fault.code,
  };
  const reply = jsonReply(JSON.stringify({ error }), fault.status);
  return { ...reply, headers: { ...reply.headers, ...fault.headers } };
}

function missingScopeReply(scope: string): SandboxReply {
  const message = `You have insufficient permissions for this operation. Missing scopes: ${scope}. Check that you have the correct role in your organization and project, and if you are using a restricted API key, that it has the necessary scopes.`;
  return errorReply(new OpenAiError(401, message));
}

/** 404 for one of the first requests for an object; null after that, and for requests without an object. */
function lagReply(request: FaultTarget, lookups: Map<string, number>, most: number): SandboxReply | null {
  const [root, id, sub, fileId = request.fileId] = request.path.split('/').filter((part) => part !== '');
  const wanted = sub === 'files' ? fileId : id;
  if (wanted === undefined || (root !== 'files' && root !== 'vector_stores')) return null;
  const asked = lookups.get(wanted) ?? 0;
  if (asked >= most) return null;
  lookups.set(wanted, asked + 1);
  if (root === 'files' || request.method === 'POST') return errorReply(fileNotFound(wanted));
  return errorReply(sub === 'files' ? attachmentNotFound(id ?? '', wanted) : storeNotFound(wanted));
}

/** 200 for one of the first requests for an object after its deletion; null for any other request. */
function removalLagReply(request: FaultTarget, lookups: Map<string, number>, most: number): SandboxReply | null {
  const [root, id, sub] = request.path.split('/').filter((part) => part !== '');
  if (id === undefined || sub !== undefined || (root !== 'files' && root !== 'vector_stores')) return null;
  if (request.method === 'DELETE') {
    if (!lookups.has(id)) lookups.set(id, 0);
    return null;
  }
  const asked = lookups.get(id) ?? most;
  if (request.method !== 'GET' || asked >= most) return null;
  lookups.set(id, asked + 1);
  return jsonReply(JSON.stringify({ id, object: root === 'files' ? 'file' : 'vector_store' }));
}

function htmlReply(status: number): SandboxReply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Bad gateway</h1></body></html>',
  };
}

function notDeletedReply(path: string): SandboxReply {
  const parts = path.split('/').filter((part) => part !== '');
  const object =
    parts[0] === 'files' ? 'file' : parts.length === 2 ? 'vector_store.deleted' : 'vector_store.file.deleted';
  return jsonReply(JSON.stringify({ id: parts.at(-1) ?? '', object, deleted: false }));
}
