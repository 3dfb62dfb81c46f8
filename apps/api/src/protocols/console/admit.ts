import { AppError, isRoleAtLeast, type Role } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import { KEY_PREFIX } from '../../services/api-keys/api-key-text.ts';
import { findSession, type Session } from '../../services/api-keys/find-session.ts';
import type { Services } from '../../wire.ts';
import { type AuthSettings, authenticate, bearerOf } from './authenticate.ts';

/**
 * Lets a request in if whoever sends it may do what it asks: a key of this installation in its role; the automation key,
 * the console itself and, while no key is configured, this machine as owners. Throws `unauthorized`,
 * `forbidden_origin` and `role_insufficient`.
 */
export async function admit(
  request: FastifyRequest,
  context: { readonly services: Services; readonly auth: AuthSettings },
  options: { readonly needed: Role; readonly isKeyOptional?: boolean },
): Promise<Session> {
  const { services, auth } = context;
  const bearer = bearerOf(request);
  const found = bearer === undefined ? undefined : await findSession(services, { tenantId: services.tenantId, bearer });
  // A key of ours that works no more is a wrong key, not a client that always sends some key.
  const isKeyOptional = options.isKeyOptional === true && bearer?.startsWith(KEY_PREFIX) !== true;
  const session: Session = found ?? { actor: authenticate(request, auth, { isKeyOptional }), role: 'owner' };
  if (isRoleAtLeast(session.role, options.needed)) return session;
  throw new AppError(
    'role_insufficient',
    `This key has the role '${session.role}'. What it asks for needs the role '${options.needed}'.`,
    { details: { role: session.role, needed: options.needed } },
  );
}
