'use client';

import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { agentSnippet } from '#lib/labels/agents.ts';

/** The code that builds this agent, ready to copy. */
export function AgentSnippet({ agentKey }: { agentKey: string }) {
  const text = agentSnippet(agentKey, window.location.origin);
  return (
    <section aria-label="In your code" className="flex max-w-3xl flex-col gap-2">
      <h2 className="font-semibold tracking-tight">In your code</h2>
      <p className="text-muted-foreground text-pretty">
        With the OpenAI Agents SDK: a mirror becomes OpenAI’s file search tool, a primary store a function that searches
        here. If a store is missing, this code fails before the run starts.
      </p>
      <div className="bg-muted relative rounded-md">
        <CopyButton value={text} label="Copy code" className="absolute top-1 right-1" />
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="focus-visible:ring-ring/60 overflow-x-auto rounded-md p-3 font-mono text-xs leading-relaxed outline-none focus-visible:ring-2"
        >
          {text}
        </pre>
      </div>
    </section>
  );
}
