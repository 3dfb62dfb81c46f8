'use client';

import { Mark } from '@espejo/ui/blocks/mark';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { Button } from '@espejo/ui/ui/button';
import { Sheet, SheetContent, SheetDescription, SheetTitle, SheetTrigger } from '@espejo/ui/ui/sheet';
import { useQuery } from '@tanstack/react-query';
import { MenuIcon, SearchIcon } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { statusQuery } from '#lib/api/status.ts';
import { useMirrorRefresh } from '#lib/hooks/use-mirror-refresh.ts';
import { alignClock } from '#lib/hooks/use-now.ts';
import { useShortcuts } from '#lib/hooks/use-shortcuts.ts';
import { CommandPalette } from './command-palette.tsx';
import { ShortcutsHelp } from './shortcuts-help.tsx';
import { Sidebar } from './sidebar.tsx';

/** The console's frame: navigation, palette, shortcuts. */
export function ConsoleFrame({ children }: { children: ReactNode }) {
  const status = useQuery(statusQuery);
  const pathname = usePathname();
  const [overlay, setOverlay] = useState<'palette' | 'help' | 'nav' | null>(null);
  useShortcuts({ onPalette: () => setOverlay('palette'), onHelp: () => setOverlay('help') });
  useMirrorRefresh(status.data);

  useEffect(() => {
    if (status.data) alignClock(status.data.now);
  }, [status.data]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is the trigger: a navigation closes the open menu
  useEffect(() => setOverlay((open) => (open === 'nav' ? null : open)), [pathname]);

  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#main"
        className="bg-primary text-primary-foreground focus:ring-ring sr-only z-50 rounded-md px-3 py-2 font-medium focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <aside className="bg-sidebar hidden w-56 shrink-0 border-r md:block">
        <Sidebar status={status.data} onPalette={() => setOverlay('palette')} onHelp={() => setOverlay('help')} />
      </aside>
      <header className="bg-sidebar flex h-12 shrink-0 items-center gap-1 border-b px-2 md:hidden">
        <Sheet open={overlay === 'nav'} onOpenChange={(isOpen) => setOverlay(isOpen ? 'nav' : null)}>
          <SheetTrigger asChild>
            <Button variant="ghost" size="icon" aria-label="Open navigation">
              <MenuIcon />
            </Button>
          </SheetTrigger>
          <SheetContent side="left" className="bg-sidebar w-64 gap-0">
            <SheetTitle className="sr-only">Navigation</SheetTitle>
            <SheetDescription className="sr-only">Pages of the console</SheetDescription>
            <Sidebar status={status.data} onPalette={() => setOverlay('palette')} onHelp={() => setOverlay('help')} />
          </SheetContent>
        </Sheet>
        <Link href="/overview" className="flex items-center gap-2 px-1 text-sm font-semibold tracking-tight">
          <Mark className="size-5" />
          Espejo
        </Link>
        {status.data?.isSandbox ? (
          <ToneBadge tone="warning" className="ml-1">
            Sandbox
          </ToneBadge>
        ) : null}
        <Button
          variant="ghost"
          size="icon"
          aria-label="Search and commands"
          className="ml-auto"
          onClick={() => setOverlay('palette')}
        >
          <SearchIcon />
        </Button>
      </header>
      <main id="main" tabIndex={-1} className="relative min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
        {children}
      </main>
      <CommandPalette isOpen={overlay === 'palette'} onOpenChange={(isOpen) => setOverlay(isOpen ? 'palette' : null)} />
      <ShortcutsHelp isOpen={overlay === 'help'} onOpenChange={(isOpen) => setOverlay(isOpen ? 'help' : null)} />
    </div>
  );
}
