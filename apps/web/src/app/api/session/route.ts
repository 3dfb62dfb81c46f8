import { readProxySettings } from '#lib/proxy/handle.ts';
import { closeSession, openSession } from '#lib/proxy/session.ts';

export const dynamic = 'force-dynamic';

export function POST(request: Request): Promise<Response> {
  return openSession(request, readProxySettings());
}

export function DELETE(request: Request): Response {
  return closeSession(request, readProxySettings());
}
