import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { SESSION_COOKIE } from '../services/accounts/session/cookies.ts';
import { describeOperations } from './describe-operations.ts';
import { serversOf } from './servers.ts';

/** Builds the document at `/api/openapi.json` from the contracts. */
export function openApiOptions({
  version,
  publicHost,
}: {
  readonly version: string;
  readonly publicHost: string | null;
}): FastifyDynamicSwaggerOptions {
  const addSchemas = createJsonSchemaTransformObject({});
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Espejo console API',
        version,
        description: 'Instants are unix seconds. Errors are `{error: {code, message, requestId}}` with a stable code.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: serversOf(publicHost),
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key created in the console, or ESPEJO_API_KEY',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: SESSION_COOKIE,
            description: 'The session of a signed-in user',
          },
        },
      },
    },
    transform: createJsonSchemaTransform({}),
    transformObject: (document) => {
      const object = addSchemas(document);
      describeOperations(object as Parameters<typeof describeOperations>[0]);
      if ('components' in object) dropUnused(object.components?.schemas ?? {}, object.paths);
      return object;
    },
  };
}

/** Every schema exists once for requests and once for responses; most are used one way only. */
function dropUnused(schemas: Record<string, unknown>, paths: unknown): void {
  const used = new Set<string>();
  const pending: unknown[] = [paths];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      pending.push(schemas[name]);
    }
  }
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
}
