import type { Deletion } from '@espejo/contracts';
import { OpenAiError } from '@espejo/contracts/openai';
import { presentDeletion } from '../../services/deletion/present-deletion.ts';
import type { OpenAiRequest } from './openai-request.ts';

/** How long a client waits for a deletion, or until a stop; the deletion goes on after that. */
const WAIT_MS = 60_000;

/**
 * Waits until a deletion has ended and everything it named is gone. Throws OpenAiError otherwise, with the deletion's
 * id: no client gets `deleted: true` for an object that still exists.
 */
export async function awaitDeletion(call: OpenAiRequest, deletionId: string): Promise<void> {
  call.reply.header('x-espejo-deletion', deletionId);
  const { status, message } = await settled(call, deletionId);
  if (status === 'succeeded') return;
  const where = `See deletion '${deletionId}' in Espejo's console, or at /api/deletions/${deletionId}.`;
  if (status === 'parked' || status === 'cancelled') {
    throw new OpenAiError(409, `Not everything could be deleted: ${message ?? status} ${where}`, {
      code: 'deletion_parked',
    });
  }
  throw new OpenAiError(409, `The deletion is recorded and goes on. ${where}`, { code: 'deletion_in_progress' });
}

async function settled({ services, tenantId, closing }: OpenAiRequest, deletionId: string): Promise<Deletion> {
  const ended = Promise.withResolvers<Deletion>();
  // Subscribed before the state is read, so that an end in between is not missed.
  const unsubscribe = services.deletionHub.subscribe(tenantId, deletionId, ({ type, data }) => {
    if (type === 'end') ended.resolve(data);
  });
  const giveUp = () => {
    presentDeletion(services, tenantId, deletionId).then(ended.resolve, ended.reject);
  };
  const timer = setTimeout(giveUp, WAIT_MS);
  closing.addEventListener('abort', giveUp);
  try {
    const now = await presentDeletion(services, tenantId, deletionId);
    const isOpen = now.status === 'waiting' || now.status === 'running';
    return isOpen && !closing.aborted ? await ended.promise : now;
  } finally {
    clearTimeout(timer);
    closing.removeEventListener('abort', giveUp);
    unsubscribe();
  }
}
