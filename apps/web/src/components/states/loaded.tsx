'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './error-state.tsx';
import { LoadingRows } from './loading-rows.tsx';

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** The name of the data, as in "Loading the keys". */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** Renders the data of a query, or its loading state, or its error with a retry button. */
export function Loaded<T>({ query, what, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (!query.isError) return <LoadingRows label={`Loading ${what}`} />;
  const title = `${what.charAt(0).toUpperCase()}${what.slice(1)} could not be loaded`;
  return <ErrorState title={title} error={query.error} onRetry={() => void query.refetch()} />;
}
