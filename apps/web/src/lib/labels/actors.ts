const ACTORS: Readonly<Record<string, string>> = {
  console: 'The console',
  'api-key': 'The API key',
  local: 'This machine',
};

/** Who did something, as a person reads it: users by their e-mail, keys by their name. */
export function actorName(actor: string): string {
  return ACTORS[actor] ?? actor;
}

/** The same within a sentence: "approved by this machine". */
export function actorClause(actor: string): string {
  const name = ACTORS[actor];
  return name === undefined ? actor : name.charAt(0).toLowerCase() + name.slice(1);
}
