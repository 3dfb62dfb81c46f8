import type { AttachmentSnapshot, FileSnapshot, StoreSnapshot } from '@espejo/core';
import type { UpstreamScope } from '../port.ts';
import type { FakeWorld } from './fake-world.ts';
import { type Script, type SeenRequest, sendError, sendJson } from './scripted-server.ts';

/** Serves a fake world in OpenAI's wire format, with its limits, its cursors and its words for what is absent. */
export function serveWorld(world: FakeWorld, scopeOf: () => UpstreamScope): Script {
  return (request, response) => {
    const scope = scopeOf();
    const headers = {
      ...(scope.organization === null ? {} : { 'openai-organization': scope.organization }),
      ...(scope.project === null ? {} : { 'openai-project': scope.project }),
    };
    const [collection, id, inner, innerId] = request.path.split('/').filter(Boolean).map(decodeURIComponent);
    const answer = route(world, request, { collection, id, inner, innerId });
    if ('body' in answer) sendJson(response, 200, answer.body, headers);
    else sendError(response, answer.status, answer);
  };
}

interface Segments {
  readonly collection: string | undefined;
  readonly id: string | undefined;
  readonly inner: string | undefined;
  readonly innerId: string | undefined;
}

type Answer =
  | { readonly body: unknown }
  | { readonly status: number; readonly message: string; readonly param?: string; readonly code?: string };

function route(world: FakeWorld, request: SeenRequest, { collection, id, inner, innerId }: Segments): Answer {
  if (collection === 'files') {
    if (id === undefined) return list([...world.files.values()].map(fileRow), request, 10_000);
    const file = world.files.get(id);
    if (file !== undefined) return { body: fileRow(file) };
    return { status: 404, message: `No such File object: ${id}`, param: 'id' };
  }
  if (collection !== 'vector_stores') {
    return { status: 404, message: `Invalid URL (${request.method} ${request.path})`, code: 'unknown_url' };
  }
  if (id === undefined) return list([...world.stores.values()].map(storeRow), request, 100);
  const store = world.stores.get(id);
  if (store === undefined) return { status: 404, message: `No vector store found with id '${id}'.` };
  if (inner === undefined) return { body: storeRow(store) };
  const attachments = world.attachmentsOf(id);
  if (innerId === undefined)
    return list(
      [...attachments.values()].map((row) => attachmentRow(row, id)),
      request,
      100,
    );
  const attachment = attachments.get(innerId);
  if (attachment !== undefined) return { body: attachmentRow(attachment, id) };
  return { status: 404, message: `No file found with id '${innerId}' in vector store '${id}'.` };
}

function list(rows: readonly { readonly id: string }[], request: SeenRequest, limitMax: number): Answer {
  const limit = Number(request.query.get('limit') ?? 20);
  if (!(limit >= 1 && limit <= limitMax)) return { status: 400, message: 'Invalid limit', param: 'limit' };
  if (request.query.has('order') && request.query.get('order') !== 'asc') {
    return { status: 400, message: 'This server lists oldest first only', param: 'order' };
  }
  const after = request.query.get('after');
  const start = after === null ? 0 : rows.findIndex((row) => row.id === after) + 1;
  if (after !== null && start === 0) return { status: 400, message: `Unknown cursor '${after}'`, param: 'after' };
  const data = rows.slice(start, start + limit);
  return {
    body: {
      object: 'list',
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: rows.length > start + limit,
    },
  };
}

export function storeRow(store: StoreSnapshot) {
  return {
    id: store.id,
    object: 'vector_store',
    created_at: store.createdAt,
    name: store.name,
    description: store.description,
    usage_bytes: store.usageBytes,
    file_counts: store.fileCounts,
    status: store.status,
    expires_after: store.expiresAfter,
    expires_at: store.expiresAt,
    last_active_at: store.lastActiveAt,
    metadata: store.metadata,
    ...store.extra,
  };
}

export function attachmentRow(attachment: AttachmentSnapshot, storeId: string) {
  return {
    id: attachment.fileId,
    object: 'vector_store.file',
    ...(attachment.usageBytes === null ? {} : { usage_bytes: attachment.usageBytes }),
    created_at: attachment.createdAt,
    vector_store_id: storeId,
    status: attachment.status,
    last_error: attachment.lastError,
    chunking_strategy: attachment.chunkingStrategy,
    attributes: attachment.attributes,
    ...attachment.extra,
  };
}

export function fileRow(file: FileSnapshot) {
  return {
    object: 'file',
    id: file.id,
    purpose: file.purpose,
    filename: file.filename,
    bytes: file.bytes,
    created_at: file.createdAt,
    expires_at: file.expiresAt,
    status: file.status,
    status_details: null,
    ...file.extra,
  };
}
