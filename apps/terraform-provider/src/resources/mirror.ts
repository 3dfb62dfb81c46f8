import { PluginError } from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';

/** The error of a plan for a mirror, with the place to manage it. */
export async function mirrorRefusal(client: Client, storeId: string, attribute: string): Promise<PluginError> {
  const reason = await client.espejo.getStore(storeId).then(
    ({ readOnlyReason }) => readOnlyReason,
    () => null,
  );
  return new PluginError(
    'A mirror cannot be managed here',
    [
      `Vector store ${storeId} is a mirror at ${client.baseUrl}: a read-only copy of a store in an OpenAI project.`,
      ...(reason === null ? [] : [reason]),
      'Manage it with a provider "openai" whose base_url is https://api.openai.com/v1 and whose key is of that project; the mirror follows with the next sync. To read it here, use data "openai_vector_store".',
    ].join('\n'),
    { attribute },
  );
}

/** Fails a plan that changes a mirror. One request per store and run, and none if the store is not known yet. */
export async function refuseMirror(client: Client, storeId: unknown, attribute = 'vector_store_id'): Promise<void> {
  if (typeof storeId !== 'string') return;
  const store = await client.peekStore(storeId);
  if (store?.source === 'cache') throw await mirrorRefusal(client, storeId, attribute);
}
