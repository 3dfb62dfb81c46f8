import { guardMissingSamples, type ReviewReason } from '@espejo/core';
import type { StoresListed } from '../list/list-stores.ts';
import type { RunContext } from '../run/run-context.ts';

/** Sample files, requested one after the other until one exists. */
const CANARIES_MAX = 3;

/**
 * A mirror of files only has no known store that identifies its project. Where upstream does not name the project
 * either, its newest files are requested: one that exists proves that the project is the same; when none does, it may
 * be another.
 */
export async function probeSampleFiles(
  ctx: RunContext,
  { listing, fileCount }: { readonly listing: StoresListed; readonly fileCount: number },
): Promise<ReviewReason | null> {
  const { connection, tenantId, upstream, signal } = ctx;
  const isProjectNamed = listing.scope.project !== null && connection.seenProject !== null;
  if (isProjectNamed || listing.known.size > 0 || fileCount === 0) return null;
  const ids = await ctx.db.read.files.listNewest(tenantId, connection.id, CANARIES_MAX);
  for (const id of ids) if ((await upstream.probeFile(id, { signal })) === 'present') return null;
  return guardMissingSamples({ absentCount: ids.length, knownCount: fileCount });
}
