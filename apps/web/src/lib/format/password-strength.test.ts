import { LIMITS } from '@espejo/contracts';
import { expect, it } from 'vitest';
import { passwordStrength } from './password-strength.ts';

it.each([
  ['', 0, 'At least 10 characters: 10 to go'],
  ['secret', 1, 'At least 10 characters: 4 to go'],
  ['aaaaaaaaaaaaaaaaaaaaaaaa', 1, 'Weak: it repeats a few characters'],
  ['k3yb0ard-x', 2, 'Fair. Several words in a row are stronger'],
  ['lamp harbour ship', 3, 'Good'],
  ['lamp harbour ship crew', 4, 'Strong'],
])('rates the password %j with its strength and what is missing', (password, bars, words) => {
  expect(passwordStrength(password)).toMatchObject({ bars, words });
});

it('counts an emoji as one character', () => {
  expect(passwordStrength('🙂'.repeat(LIMITS.passwordMin - 1)).words).toContain('1 to go');
});
