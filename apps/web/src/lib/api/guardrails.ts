import type { UpdateGuardrailsBody } from '@espejo/contracts';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** The guardrails of the tenant. */
export const guardrailsQuery = queryOptions({
  queryKey: ['guardrails'],
  queryFn: ({ signal }) => api('getGuardrails', { signal }),
});

export function updateGuardrails(body: UpdateGuardrailsBody) {
  return api('updateGuardrails', { body });
}
