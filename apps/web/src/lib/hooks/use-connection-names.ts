'use client';

import type { Connection } from '@espejo/contracts';
import { useQuery } from '@tanstack/react-query';
import { connectionsQuery } from '#lib/api/connections.ts';

/** The part of a connection that its label needs. */
export type ConnectionFacts = Pick<Connection, 'name' | 'kind'>;

/** A label reads the cache only: the frame and the pages refresh it, and a list has a label in every row. */
const AS_THEY_ARE = { refetchInterval: false, refetchOnMount: false, refetchOnWindowFocus: false } as const;

/** The connection with this id; undefined if there is none, or while the connections are loading. */
export function useConnection(id: string | null): Connection | undefined {
  return useQuery({ ...connectionsQuery, ...AS_THEY_ARE, select: (all) => all.find((one) => one.id === id) }).data;
}

/** Every connection by id. `areSeveral` is true while the connections are loading. */
export function useConnectionNames(): { readonly byId: ReadonlyMap<string, Connection>; readonly areSeveral: boolean } {
  const { data } = useQuery({ ...connectionsQuery, ...AS_THEY_ARE, select: toNames });
  return data ?? UNKNOWN;
}

const UNKNOWN = { byId: new Map<string, Connection>(), areSeveral: true };

function toNames(all: readonly Connection[]) {
  return { byId: new Map(all.map((one) => [one.id, one])), areSeveral: all.length > 1 };
}
