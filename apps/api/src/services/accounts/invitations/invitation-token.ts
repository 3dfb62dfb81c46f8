import { createHash } from 'node:crypto';

const PREFIX = 'inv_';
const SECRET_HEX = 48;

/** A new token: 192 random bits. */
export function newInvitationToken(randomHex: (length: number) => string): string {
  return `${PREFIX}${randomHex(SECRET_HEX)}`;
}

/** The stored hash: enough to find the invitation, not enough to accept it. */
export function hashOfInvitation(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
