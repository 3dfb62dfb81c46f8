import { handleProxyRequest } from '#lib/proxy/handle.ts';
import { readProxySettings } from '#lib/proxy/settings.ts';

export const dynamic = 'force-dynamic';

function handler(request: Request): Promise<Response> {
  return handleProxyRequest(request, readProxySettings());
}

export {
  handler as DELETE,
  handler as GET,
  handler as HEAD,
  handler as OPTIONS,
  handler as PATCH,
  handler as POST,
  handler as PUT,
};
