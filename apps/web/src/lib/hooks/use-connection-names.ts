'use client';

import type { Connection } from '@espejo/contracts';
import { useQuery } from '@tanstack/react-query';
import { connectionsQuery } from '#lib/api/connections.ts';

/** What is said of the connection that a mirror comes through. */
export type ConnectionFacts = Pick<Connection, 'name' | 'kind'>;

/** The frame and the pages keep the connections fresh: whoever only names one, many times on a page, asks nothing anew. */
const AS_THEY_ARE = { refetchInterval: false, refetchOnMount: false, refetchOnWindowFocus: false } as const;

/** The connection of this id; undefined for none, and until the connections are read. */
export function useConnection(id: string | null): Connection | undefined {
  return useQuery({ ...connectionsQuery, ...AS_THEY_ARE, select: (all) => all.find((one) => one.id === id) }).data;
}

/** Every connection by its id, and whether a mirror can come through more than one: until that is known it can. */
export function useConnectionNames(): { readonly byId: ReadonlyMap<string, Connection>; readonly areSeveral: boolean } {
  const { data } = useQuery({ ...connectionsQuery, ...AS_THEY_ARE, select: toNames });
  return data ?? UNKNOWN;
}

const UNKNOWN = { byId: new Map<string, Connection>(), areSeveral: true };

function toNames(all: readonly Connection[]) {
  return { byId: new Map(all.map((one) => [one.id, one])), areSeveral: all.length > 1 };
}
