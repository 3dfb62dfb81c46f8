'use client';

import { MonitorIcon, MoonIcon, SunIcon } from 'lucide-react';
import { ThemeProvider as NextThemeProvider, useTheme } from 'next-themes';
import { type ReactNode, useSyncExternalStore } from 'react';
import { cn } from '../../lib/utils.ts';

export { useTheme };

/** Light, dark or the system's theme; set before the first paint. */
export function ThemeProvider({ children, nonce }: { children: ReactNode; nonce: string }) {
  return (
    <NextThemeProvider
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      nonce={nonce}
      storageKey="espejo-theme"
    >
      {children}
    </NextThemeProvider>
  );
}

const THEMES = [
  { value: 'light', label: 'Light theme', Icon: SunIcon },
  { value: 'system', label: 'System theme', Icon: MonitorIcon },
  { value: 'dark', label: 'Dark theme', Icon: MoonIcon },
] as const;

const noSubscription = () => () => {};

/** Three-way theme switch: a radio group, so one key press moves between the choices. */
export function ThemeSwitch({ className }: { className?: string }) {
  const { theme, setTheme } = useTheme();
  // The stored choice is known only in the browser; the server renders none as selected.
  const isMounted = useSyncExternalStore(
    noSubscription,
    () => true,
    () => false,
  );
  return (
    <fieldset className={cn('flex w-fit rounded-md border p-0.5', className)}>
      <legend className="sr-only">Theme</legend>
      {THEMES.map(({ value, label, Icon }) => (
        <label
          key={value}
          data-hint={label}
          className="text-muted-foreground hover:text-foreground has-checked:bg-accent has-checked:text-foreground has-focus-visible:ring-ring/60 relative grid size-6 cursor-pointer place-items-center rounded-sm has-focus-visible:ring-2"
        >
          <input
            type="radio"
            name="theme"
            value={value}
            className="absolute inset-0 size-full cursor-pointer opacity-0"
            checked={isMounted && theme === value}
            onChange={() => setTheme(value)}
          />
          <Icon aria-hidden="true" className="size-3.5" />
          <span className="sr-only">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
