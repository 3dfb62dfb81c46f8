import type { FileTool, ToolUse } from '@espejo/core';
import type { DeletionPlan } from '../views.ts';

const HOLDER: Readonly<Record<FileTool, string>> = {
  containers: 'Code interpreter container',
  assistants: 'The code interpreter of assistant',
  threads: 'A message or tool of thread',
};

/**
 * "Code interpreter container 'cntr_1' (Reports), last used 2026-01-15,": the tool that uses a file, and when it was
 * last used.
 */
export function nameToolUse({ source, holderId, holderName, lastUsedAtS }: ToolUse): string {
  const name = holderName === null ? '' : ` (${holderName})`;
  const verb = source === 'containers' ? 'last used' : 'made';
  const when = lastUsedAtS === null ? '' : `, ${verb} ${new Date(lastUsedAtS * 1000).toISOString().slice(0, 10)},`;
  return `${HOLDER[source]} '${holderId}'${name}${when}`;
}

const TOOLS: Readonly<Record<FileTool, string>> = {
  containers: 'code interpreter containers',
  assistants: 'assistants',
  threads: 'the messages of threads',
};

/** Tools in words: "code interpreter containers and assistants". */
export function nameTools(sources: readonly FileTool[]): string {
  return new Intl.ListFormat('en').format(sources.map((source) => TOOLS[source]));
}

/** The warning for tools that could not be checked for uses of the files. */
export function presentUnknownTools(unknownTools: readonly FileTool[]): DeletionPlan['warnings'] {
  if (unknownTools.length === 0) return [];
  return [
    {
      code: 'tool_use_unknown',
      message: `OpenAI could not be asked whether ${nameTools(unknownTools)} use these files. If they do, they fail once the files are deleted. Look at when each file was uploaded, and delete only what you know.`,
    },
  ];
}
