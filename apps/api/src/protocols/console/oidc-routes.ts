import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
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
    response: { 302: { description: 'Onwards' }, default: REFUSAL },
  });

  app.get(
    below(OIDC_START_PATH),
    { config: CONFIG, exposeHeadRoute: false, schema: schema('Sign in through OIDC', 'startOidcSignIn') },
    async (request, reply) => {
      try {
        const { url, cookies } = await auth.startOidc(new Headers(cookieOf(request)));
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
      const answer = await auth.endOidc(new Request(url, { headers: cookieOf(request) }));
      return pass(answer, request, reply);
    },
  );
}

/** Hands better-auth's redirect on; anything else of its is an error of ours to say. */
function pass(answer: Response, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const location = answer.headers.get('location');
  reply.header('set-cookie', answer.headers.getSetCookie());
  if (location !== null) return reply.redirect(location);
  request.log.warn({ status: answer.status }, 'an OIDC sign-in ended without a redirect');
  return reply.redirect('/sign-in?error=oidc_failed');
}

function cookieOf({ headers }: FastifyRequest): Record<string, string> {
  return headers.cookie === undefined ? {} : { cookie: headers.cookie };
}
