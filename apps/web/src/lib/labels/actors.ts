const ACTORS: Readonly<Record<string, string>> = {
  console: 'The console',
  'api-key': 'The API key',
  local: 'This machine',
};

/** Who did something, as a person reads it: users by their e-mail, keys by their name. */
export function actorName(actor: string): string {
  return ACTORS[actor] ?? actor;
}
