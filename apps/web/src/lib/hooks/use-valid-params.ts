'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import type { ParserMap } from 'nuqs';
import { useEffect } from 'react';

/**
 * Removes invalid values of known parameters (`sort=banana`) from the URL, so that it always matches the page. Other
 * parameters are kept.
 */
export function useValidParams(parsers: ParserMap): void {
  const params = useSearchParams();
  const pathname = usePathname();
  const router = useRouter();
  const query = params.toString();

  useEffect(() => {
    const kept = new URLSearchParams(query);
    for (const [key, parser] of Object.entries(parsers)) {
      const value = kept.get(key);
      if (value !== null && parser.type !== 'multi' && parser.parse(value) === null) kept.delete(key);
    }
    const clean = kept.toString();
    if (clean !== new URLSearchParams(query).toString()) {
      router.replace(clean === '' ? pathname : `${pathname}?${clean}`, { scroll: false });
    }
  }, [parsers, query, pathname, router]);
}
