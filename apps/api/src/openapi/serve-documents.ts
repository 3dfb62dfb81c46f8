import { hash } from 'node:crypto';
import { wireDocument } from '@espejo/contracts/openai';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { serversOf } from './servers.ts';

/** The paths of the documents; they contain only the API's shape, so they are public. */
export const CONSOLE_DOCUMENT_PATH = '/api/openapi.json';
export const WIRE_DOCUMENT_PATH = '/v1/openapi.json';

/**
 * Serves both OpenAPI documents: each is built once, at the first request, and answered 304 to a client that has it.
 */
export function serveOpenApiDocuments(
  app: FastifyInstance,
  { version, publicHost }: { readonly version: string; readonly publicHost: string | null },
): void {
  serve(app, CONSOLE_DOCUMENT_PATH, () => app.swagger());
  serve(app, WIRE_DOCUMENT_PATH, () => wireDocument({ version, servers: serversOf(publicHost, '/v1') }));
}

function serve(app: FastifyInstance, path: string, make: () => object): void {
  let document: { readonly text: string; readonly etag: string } | undefined;
  app.get(path, { schema: { hide: true } }, async (request: FastifyRequest, reply: FastifyReply) => {
    document ??= write(make());
    reply.header('etag', document.etag).header('cache-control', 'no-cache').type('application/json; charset=utf-8');
    if (request.headers['if-none-match'] === document.etag) return reply.status(304).send();
    return reply.send(document.text);
  });
}

function write(document: object): { text: string; etag: string } {
  const text = JSON.stringify(document);
  return { text, etag: `"${hash('sha256', text, 'base64url')}"` };
}
