import { Mark } from '@espejo/ui/blocks/mark';
import { ThemeSwitch } from '@espejo/ui/blocks/theme';
import type { ReactNode } from 'react';

interface EntryCardProps {
  readonly title: string;
  readonly about: ReactNode;
  readonly children: ReactNode;
  /** Below the card: alternative actions. */
  readonly footer?: ReactNode;
}

/** The frame of the pages before the console: sign-in, setup and invitation. */
export function EntryCard({ title, about, children, footer }: EntryCardProps) {
  return (
    <main
      id="main"
      className="bg-sidebar relative flex min-h-dvh flex-col items-center justify-center gap-4 px-4 py-14"
    >
      <div className="bg-card animate-in fade-in-0 slide-in-from-bottom-2 flex w-full max-w-sm flex-col gap-5 rounded-xl border p-6 shadow-sm duration-300">
        <div className="flex flex-col gap-3">
          <Mark className="size-9" />
          <div className="grid gap-1">
            <h1 className="text-lg font-semibold tracking-tight text-balance">{title}</h1>
            <div className="text-muted-foreground text-pretty">{about}</div>
          </div>
        </div>
        {children}
      </div>
      {footer === undefined ? null : <div className="w-full max-w-sm text-center text-pretty">{footer}</div>}
      <div className="absolute right-3 bottom-3">
        <ThemeSwitch />
      </div>
    </main>
  );
}
