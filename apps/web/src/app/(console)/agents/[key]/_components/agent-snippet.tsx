'use client';

import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { agentSnippet } from '#lib/labels/agents.ts';

/** The code that builds this agent, ready to be taken along. */
export function AgentSnippet({ agentKey }: { agentKey: string }) {
  const text = agentSnippet(agentKey, window.location.origin);
  return (
    <section aria-label="In your code" className="flex max-w-3xl flex-col gap-2">
      <h2 className="font-semibold tracking-tight">In your code</h2>
      <p className="text-muted-foreground text-pretty">
        With the OpenAI Agents SDK: mirrors become OpenAI’s own file search, stores of ours functions that search here.
        A store that is gone stops it here, before a run, and not in an answer.
      </p>
      <div className="bg-muted relative rounded-md">
        <CopyButton value={text} label="Copy code" className="absolute top-1 right-1" />
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="focus-visible:ring-ring/60 overflow-x-auto rounded-md p-3 font-mono text-xs leading-relaxed outline-none focus-visible:ring-2"
        >
          {text}
        </pre>
      </div>
    </section>
  );
}
