import type { Authorized } from '@espejo/core';
import type { RecordContext } from '../context/app-context.ts';

import { findAgent } from './find-agent.ts';
import { toDetail } from './put-agent.ts';

/** Deletes an agent's bindings; the stores stay. Throws `agent_not_found`. */
export async function deleteAgent(deps: RecordContext, input: { by: Authorized<'write'>; key: string }): Promise<void> {
  const { by, key } = input;
  await deps.db.transaction(async (tx) => {
    const { bindings } = await findAgent({ db: { read: tx } }, by.tenantId, key);
    await tx.agents.remove(by.tenantId, key);
    await tx.audit.append(by, {
      atMs: deps.clock.nowMs(),
      action: 'agent.deleted',
      subject: key,
      outcome: 'done',
      detail: { before: toDetail(bindings) },
    });
  });
}
