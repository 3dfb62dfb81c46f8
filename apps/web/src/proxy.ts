import { type NextRequest, NextResponse } from 'next/server';

/**
 * Sets a content security policy with a new nonce for every page, so that only scripts of this server run. Inline
 * styles are allowed: menus and virtual lists set them. Next reads the nonce from the policy and adds it to its scripts.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const isDevelopment = process.env.NODE_ENV === 'development';
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  // HSTS for one year, without subdomains. The console's server sets the scheme.
  const isSecure = Boolean(process.env.ESPEJO_PUBLIC_HOST) || request.headers.get('x-forwarded-proto') === 'https';
  if (isSecure) response.headers.set('strict-transport-security', 'max-age=31536000');
  return response;
}

export const config = {
  // Excludes the proxied routes: their bodies are streamed and must not pass through here.
  matcher: ['/((?!api/|v1/|_next/static|_next/image|icon.svg).*)'],
};
