import { LIMITS } from '@espejo/contracts';

export interface PasswordStrength {
  /** 0..4: how many of four bars are lit. */
  readonly bars: number;
  readonly tone: 'danger' | 'warning' | 'success';
  /** The rating, and how to improve the password. */
  readonly words: string;
}

const DISTINCT_MIN = 6;
const GOOD_CHARS = 14;
const STRONG_CHARS = 20;

/** An estimate of the strength from length and variety. A hint only: the API requires only the length. */
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
    return { bars: 1, tone: 'warning', words: 'Weak: it repeats a few characters' };
  if (chars < GOOD_CHARS) return { bars: 2, tone: 'warning', words: 'Fair. Several words in a row are stronger' };
  if (chars < STRONG_CHARS) return { bars: 3, tone: 'success', words: 'Good' };
  return { bars: 4, tone: 'success', words: 'Strong' };
}
