import { LIMITS } from '@espejo/contracts';

export interface PasswordStrength {
  /** 0..4: how many of four bars are lit. */
  readonly bars: number;
  readonly tone: 'danger' | 'warning' | 'success';
  /** What it is like, and what would make it better. */
  readonly words: string;
}

const DISTINCT_MIN = 6;
const GOOD_CHARS = 14;
const STRONG_CHARS = 20;

/** How hard a password is to guess, as far as its length and variety tell. A hint: the API asks for its length alone. */
export function passwordStrength(password: string): PasswordStrength {
  const chars = [...password].length;
  const missing = LIMITS.passwordMin - chars;
  if (missing > 0)
    return {
      bars: chars === 0 ? 0 : 1,
      tone: 'danger',
      words: `At least ${LIMITS.passwordMin} characters: ${missing} to go`,
    };
  if (new Set(password.toLowerCase()).size < DISTINCT_MIN)
    return { bars: 1, tone: 'warning', words: 'Easy to guess: it repeats a few characters' };
  if (chars < GOOD_CHARS) return { bars: 2, tone: 'warning', words: 'Fair. A few words in a row would be better' };
  if (chars < STRONG_CHARS) return { bars: 3, tone: 'success', words: 'Good' };
  return { bars: 4, tone: 'success', words: 'Strong' };
}
