import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

/** Our own font size (`--text-ui` in styles.css), which tailwind-merge would else take for a colour. */
const merge = extendTailwindMerge({ extend: { theme: { text: ['ui'] } } });

/** Joins class names; a later Tailwind class wins over an earlier one of the same kind. */
export function cn(...inputs: ClassValue[]): string {
  return merge(clsx(inputs));
}
