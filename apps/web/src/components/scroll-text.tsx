import { cn } from '@espejo/ui/lib/utils';

/** Preformatted text in a box that scrolls, also by keyboard. */
export function ScrollText({ text, className }: { text: string; className?: string }) {
  const look = cn('overflow-y-auto px-2.5 py-2 text-xs break-words whitespace-pre-wrap', className);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <pre tabIndex={0} className={look}>
      {text}
    </pre>
  );
}
