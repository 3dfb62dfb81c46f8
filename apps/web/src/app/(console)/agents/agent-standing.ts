import type { Agent } from '@espejo/contracts';
import { plural } from '#lib/format/count.ts';
import type { Label } from '#lib/labels/common.ts';

/** Whether an agent can be built with its current bindings. */
export function agentStatus({ brokenCount }: Pick<Agent, 'brokenCount'>): Label {
  return brokenCount === 0
    ? { text: 'Ready', tone: 'success' }
    : { text: `${plural(brokenCount, 'store')} broken`, tone: 'danger' };
}
