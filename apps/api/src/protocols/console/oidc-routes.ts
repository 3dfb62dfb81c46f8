import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AUTH_PATH, OIDC_PROVIDER_ID } from '../../services/accounts/auth.ts';
import { OIDC_START_PATH } from '../../services/accounts/get-current-session.ts';
import type { Services } from '../../wire.ts';
import { REFUSAL } from './answers.ts';

const CALLBACK_PATH = `${AUTH_PATH}/oauth2/callback/${OIDC_PROVIDER_ID}`;
const CONFIG = { needed: { action: 'open' } } as const;

/** The two steps of signing in through OIDC. Both are visited by the browser itself, so both answer with a redirect. */
export async function oidcRoutes(app: FastifyInstance, { services }: { services: Services }): Promise<void> {
  const { auth, oidc, publicUrl } = services.accounts;
  if (oidc === null) return;
  const below = (path: string) => path.slice(app.prefix.length);
  const schema = (summary: string, operationId: string) => ({
    operationId,
    summary,
    tags: ['Accounts'],
    response: { 302: z.null().describe('Onwards'), default: REFUSAL },
  });

  app.get(
    below(OIDC_START_PATH),
    { config: CONFIG, exposeHeadRoute: false, schema: schema('Sign in through OIDC', 'startOidcSignIn') },
    async (request, reply) => {
      try {
        const { url, cookies } = await auth.startOidc(new Headers(headersOf(request)));
        return await reply.header('set-cookie', cookies).redirect(url);
      } catch (cause) {
        request.log.warn({ err: cause }, 'the OIDC issuer does not answer as it should');
        return reply.redirect('/sign-in?error=oidc_unavailable');
      }
    },
  );

  app.get(
    below(CALLBACK_PATH),
    { config: CONFIG, exposeHeadRoute: false, schema: schema('Come back from OIDC', 'endOidcSignIn') },
    async (request, reply) => {
      const url = new URL(request.url, publicUrl);
      const answer = await auth.endOidc(new Request(url, { headers: headersOf(request) }));
      return pass(answer, request, reply);
    },
  );
}

/** Hands better-auth's redirect on: to the console, or to the sign-in page with the reason why not. */
function pass(answer: Response, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const location = answer.headers.get('location');
  reply.header('set-cookie', answer.headers.getSetCookie());
  if (location === '/') return reply.redirect(location);
  // Of what went wrong the page is told a code, and none of the issuer's words.
  const code = /[?&]error=(\w{1,64})(&|$)/.exec(location ?? '')?.[1] ?? 'oidc_failed';
  request.log.info({ status: answer.status, code }, 'an OIDC sign-in was refused');
  return reply.redirect(`/sign-in?error=${code}`);
}

/** What better-auth needs to know of a browser. */
function headersOf({ visitor: { browser } }: FastifyRequest): Record<string, string> {
  return {
    'x-forwarded-for': browser.address,
    'user-agent': browser.userAgent ?? '',
    ...(browser.cookies !== undefined && { cookie: browser.cookies }),
  };
}
