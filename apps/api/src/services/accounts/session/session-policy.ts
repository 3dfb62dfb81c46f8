/** A session ends this long after sign-in, or earlier when it is not used for a while. */
export const SESSION_LIFE_MS = 30 * 86_400_000;
export const SESSION_IDLE_MS = 7 * 86_400_000;
