import { handleProxyRequest } from '#lib/proxy/handle.ts';
import { closeSession, openSession } from '#lib/proxy/session.ts';
import { readProxySettings } from '#lib/proxy/settings.ts';

export const dynamic = 'force-dynamic';

/** The API returns the session; this server itself stores and deletes the API key that was entered. */
export function GET(request: Request): Promise<Response> {
  return handleProxyRequest(request, readProxySettings());
}

export function POST(request: Request): Promise<Response> {
  return openSession(request, readProxySettings());
}

export function DELETE(): Response {
  return closeSession(readProxySettings());
}
