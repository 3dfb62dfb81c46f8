import { reachesStore, vectorStoreNotFound } from '@espejo/core';
import type { FastifyRequest } from 'fastify';

/** The store in a path. To a key that does not reach it there is none: the answer is that of an id nobody has. */
export function requireStoreAccess({ params, admission }: FastifyRequest): string {
  const { id } = params as { id: string };
  if (!reachesStore(admission.principal, id)) throw vectorStoreNotFound(id);
  return id;
}
