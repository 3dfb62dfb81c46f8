import { createHash } from 'node:crypto';

const PREFIX = 'inv_';
const SECRET_HEX = 48;

/** A new token: 192 random bits. */
export function newInvitationToken(randomHex: (length: number) => string): string {
  return `${PREFIX}${randomHex(SECRET_HEX)}`;
}

/** What is kept of it: enough to find the invitation by, too little to accept it with. */
export function hashOfInvitation(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
