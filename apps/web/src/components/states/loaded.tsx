'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';
import { LoadingRows } from './loading-rows.tsx';

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** What is read, as in "Reading the keys". */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** What was read; until then that it is being read, or that it could not be, with a way to try again. */
export function Loaded<T>({ query, what, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (!query.isError) return <LoadingRows label={`Reading ${what}`} />;
  const title = `${what.charAt(0).toUpperCase()}${what.slice(1)} could not be read`;
  return <ErrorState title={title} error={query.error} onRetry={() => void query.refetch()} />;
}
