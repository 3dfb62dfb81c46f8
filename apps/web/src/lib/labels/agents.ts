import type { BindingMode, BindingState } from '@espejo/contracts';
import type { Label } from './common.ts';

export const MODE_LABELS: Readonly<Record<BindingMode, Label & { readonly detail: string }>> = {
  required: { text: 'Required', tone: 'neutral', detail: 'The agent cannot be built without it' },
  default: {
    text: 'Default',
    tone: 'outline',
    detail: 'Part of the agent unless the code that builds it leaves it out',
  },
};

export const BROKEN_LABELS: Readonly<Record<Exclude<BindingState, 'ready'>, string>> = {
  missing: 'Missing',
  expired: 'Expired',
  trashed: 'In the trash',
};

export const BROKEN_HINTS: Readonly<Record<Exclude<BindingState, 'ready'>, string>> = {
  missing: 'This store no longer exists. Bind another one instead.',
  expired: 'This store has expired and cannot be searched. Extend it, or bind another one.',
  trashed: 'This store is in the trash. Restore it, or bind another one.',
};

/** Code that builds this agent. */
export function agentSnippet(key: string, origin: string): string {
  return `import { resolveAgentTools } from '@espejo/agents';
import { Agent, run } from '@openai/agents';

const tools = await resolveAgentTools({
  baseUrl: ${JSON.stringify(origin)},
  apiKey: process.env.ESPEJO_API_KEY,
  agentKey: ${JSON.stringify(key)},
});
const agent = new Agent({ name: ${JSON.stringify(key)}, instructions: 'Answer from the documents.', tools });
const { finalOutput } = await run(agent, 'Your question');
`;
}
