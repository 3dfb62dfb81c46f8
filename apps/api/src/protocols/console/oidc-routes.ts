import { AppError } from '@espejo/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { endOidcSignIn } from '../../services/accounts/oidc/end-oidc-sign-in.ts';
import {
  OIDC_CALLBACK_PATH,
  OIDC_START_PATH,
  startOidcSignIn,
} from '../../services/accounts/oidc/start-oidc-sign-in.ts';
import type { Services } from '../../services/services.ts';

import { ERROR_RESPONSE } from './openapi-responses.ts';

const CONFIG = { needed: { action: 'open' } } as const;
/**
 * The page that the console saved before the sign-in. No request can name a page to go to, so none can redirect
 * elsewhere.
 */
const HOME = '/';

/** The two steps of signing in through OIDC. The browser visits both, so both redirect. */
export async function oidcRoutes(app: FastifyInstance, { services }: { services: Services }): Promise<void> {
  const { oidc, cookies } = services.accounts;
  if (oidc === null) return;
  const below = (path: string) => path.slice(app.prefix.length);
  const schema = (summary: string, operationId: string) => ({
    operationId,
    summary,
    tags: ['Accounts'],
    response: { 302: z.null().describe('Onwards'), default: ERROR_RESPONSE },
  });

  app.get(
    below(OIDC_START_PATH),
    { config: CONFIG, exposeHeadRoute: false, schema: schema('Sign in through OIDC', 'startOidcSignIn') },
    async ({ visitor: { browser }, log }, reply) => {
      try {
        const started = await startOidcSignIn(services, { issuer: oidc.client, browser });
        return await reply.header('set-cookie', started.cookies).redirect(started.url);
      } catch (cause) {
        log.warn({ err: cause }, 'the OIDC issuer does not answer correctly');
        return refuse(reply, cause);
      }
    },
  );

  app.get(
    below(OIDC_CALLBACK_PATH),
    { config: CONFIG, exposeHeadRoute: false, schema: schema('Come back from OIDC', 'endOidcSignIn') },
    async ({ url, visitor: { browser } }, reply) => {
      reply.header('set-cookie', cookies.endFlow(browser.isSecure));
      const search = URL.parse(url, 'http://localhost')?.search ?? '';
      try {
        const opened = await endOidcSignIn(services, { issuer: oidc.client, oidc, browser, search });
        return await reply.header('set-cookie', opened.cookies).redirect(HOME);
      } catch (cause) {
        return refuse(reply, cause);
      }
    },
  );
}

/** The page is given an error code, and no text of the issuer. */
function refuse(reply: FastifyReply, cause: unknown): FastifyReply {
  if (!(cause instanceof AppError)) throw cause;
  return reply.redirect(`/sign-in?error=${cause.code}`);
}
