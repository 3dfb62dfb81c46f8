import { reachesStore, vectorStoreNotFound } from '@espejo/core';
import type { FastifyRequest } from 'fastify';

/** The store in a path. A key without access to it gets the same error as for an unknown id. */
export function requireStoreAccess({ params, admission }: FastifyRequest): string {
  const { id } = params as { id: string };
  if (!reachesStore(admission.principal, id)) throw vectorStoreNotFound(id);
  return id;
}
