import { cn } from '@espejo/ui/lib/utils';

/**
 * A name that a user or upstream has given, in one line. Its direction is its own: a long name keeps its beginning, and the
 * ellipsis is at its end, on the left for Arabic and Hebrew. The whole name is shown on hover when it is cut.
 */
export function Name({ text, className }: { text: string; className?: string }) {
  return (
    <bdi
      dir="auto"
      data-hint-clipped=""
      // The underline of a link is not drawn below an inline block unless it inherits it.
      className={cn('relative z-10 inline-block max-w-full truncate align-bottom [text-decoration:inherit]', className)}
    >
      {text}
    </bdi>
  );
}
