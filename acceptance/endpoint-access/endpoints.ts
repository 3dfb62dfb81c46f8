import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WIRE_ROUTES } from '@espejo/contracts/openai';
import type { OpenApiDocument } from '../openapi/document.ts';
import { operationsOf } from '../openapi/document.ts';
import { ROOT } from '../support/espejo.ts';
import type { Endpoint } from './combinations.ts';

/** Route handlers of the console that only forward to the API. */
const PASSED_ON = new Set(['/api/[...path]', '/v1/[...path]']);
const PLACEHOLDER = 'id-none';

type ApiEndpoint = Omit<Endpoint, 'at'>;

/** Every endpoint of the API: those of its document, those of `/v1`, and unknown paths. */
export function apiEndpoints(document: OpenApiDocument): ApiEndpoint[] {
  const console = operationsOf(document).map(({ method, path, operation }): ApiEndpoint => {
    const isOpen = operation.security.length === 0;
    return { protocol: 'api', method, path: filled(path), isOpen };
  });
  const wire = Object.entries(WIRE_ROUTES).flatMap(([path, methods]) =>
    Object.keys(methods).map(
      (method): ApiEndpoint => ({ protocol: 'v1', method, path: filled(`/v1${path}`), isOpen: false }),
    ),
  );
  const form = 'multipart/form-data; boundary=form';
  const forms: ApiEndpoint[] = [
    { protocol: 'v1', method: 'POST', path: '/v1/files', isOpen: false, contentType: form },
    { protocol: 'v1', method: 'POST', path: `/v1/uploads/${PLACEHOLDER}/parts`, isOpen: false, contentType: form },
  ];
  const others: ApiEndpoint[] = ['GET', 'HEAD', 'OPTIONS', 'POST'].flatMap((method) => [
    { protocol: 'api', method, path: '/api/no-such-path', isOpen: false },
    { protocol: 'v1', method, path: '/v1/no-such-path', isOpen: false },
  ]);
  return [...console, ...wire, ...forms, ...others];
}

/** Every page, asset and route handler in the manifest of the console's build. */
export function consoleEndpoints(): Endpoint[] {
  const listed = readFileSync(join(ROOT, 'apps/web/.next/app-path-routes-manifest.json'), 'utf8');
  const paths = Object.values(JSON.parse(listed) as Record<string, string>);
  return [...paths.filter((path) => !PASSED_ON.has(path) && !path.startsWith('/_')), '/_next/static/none.js']
    .map(filled)
    .filter((path) => path !== '/api/session')
    .flatMap((path): Endpoint[] =>
      ['GET', 'POST'].map((method) => ({ at: 'console', protocol: 'page', method, path, isOpen: true })),
    );
}

function filled(path: string): string {
  return path.replace(/\{[^}]+\}|:\w+|\[[^\]]+\]/g, PLACEHOLDER);
}
