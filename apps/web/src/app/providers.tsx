'use client';

import { HintLayer } from '@espejo/ui/blocks/hint';
import { ThemeProvider } from '@espejo/ui/blocks/theme';
import { Toaster } from '@espejo/ui/ui/sonner';
import { QueryClientProvider } from '@tanstack/react-query';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, useState } from 'react';
import { createQueryClient } from '#lib/api/query-client.ts';
import { useFocusReturn } from '#lib/hooks/use-focus-return.ts';

export function Providers({ children, nonce }: { children: ReactNode; nonce: string }) {
  const [queryClient] = useState(createQueryClient);
  useFocusReturn();
  return (
    <ThemeProvider nonce={nonce}>
      <QueryClientProvider client={queryClient}>
        <NuqsAdapter>{children}</NuqsAdapter>
        <HintLayer />
        <Toaster toastOptions={{ className: 'font-sans!' }} position="bottom-right" closeButton />
      </QueryClientProvider>
    </ThemeProvider>
  );
}
