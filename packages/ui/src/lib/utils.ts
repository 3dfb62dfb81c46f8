import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

/** Espejo's font size (`--text-ui` in styles.css), which tailwind-merge would otherwise treat as a colour. */
const merge = extendTailwindMerge({ extend: { theme: { text: ['ui'] } } });

/** Joins class names; a later Tailwind class replaces an earlier one of the same kind. */
export function cn(...inputs: ClassValue[]): string {
  return merge(clsx(inputs));
}
