import { type FileTool, isOffered, type ToolUses, type UnattachedPolicy, unknownSources } from '@espejo/core';
import type { DebtRow } from '@espejo/db';
import type { DeletionContext } from '../context/app-context.ts';

import { nameTools, nameToolUse } from '../deletion/plan/present-tool-uses.ts';
import { readGuardrails } from '../limits/guardrail-settings.ts';

/** Files in no store, by their use by other tools. */
export interface SortedOrphans {
  /** Those that no tool is known to use. */
  readonly rows: readonly DebtRow[];
  /** Those that a tool uses, each with its tools. */
  readonly inUse: readonly DebtRow[];
  /** Those of `rows` that may be offered for clean-up under the tenant's policy. */
  readonly offeredIds: ReadonlySet<string>;
  /** Whether there is any. */
  readonly isOffered: boolean;
  readonly policy: UnattachedPolicy;
  /** Tools of their projects that could not be checked, or were not yet. */
  readonly unknown: readonly FileTool[];
}

/** Before a project was checked, everything about its tools is unknown. */
const NEVER_ASKED: ToolUses = {
  states: { containers: 'unknown', assistants: 'unknown', threads: 'unknown' },
  usesOf: new Map(),
};

/** Compares files in no store with what the last syncs read of the other tools of their projects. */
export async function sortOrphans(
  deps: Pick<DeletionContext, 'db'>,
  tenantId: string,
  orphans: readonly DebtRow[],
): Promise<SortedOrphans> {
  const { unattachedFiles: policy } = await readGuardrails(deps.db.read, tenantId);
  const rows: DebtRow[] = [];
  const inUse: DebtRow[] = [];
  const offeredIds = new Set<string>();
  const unknown = new Set<FileTool>();
  for (const [connectionId, group] of Map.groupBy(orphans, (row) => row.connectionId ?? '')) {
    const uses = (await deps.db.read.toolUses.find(tenantId, connectionId)) ?? NEVER_ASKED;
    for (const source of unknownSources(uses.states)) unknown.add(source);
    for (const row of group) {
      const [use] = uses.usesOf.get(row.id) ?? [];
      if (use !== undefined) {
        inUse.push({ ...row, note: nameToolUse(use).replace(/,$/, '') });
        continue;
      }
      rows.push(row);
      if (isOffered(row.id, uses, policy)) offeredIds.add(row.id);
    }
  }
  return { rows, inUse, offeredIds, isOffered: offeredIds.size > 0, policy, unknown: [...unknown].sort() };
}

/** The explanation of files in no store before a clean-up. */
export function explainOrphans({ policy, unknown }: SortedOrphans): string {
  const what =
    'No vector store has them, so no search of a store finds them. Mostly left behind when their store was deleted; code interpreter, messages and responses may use such files as well.';
  if (policy === 'never') return `${what} A setting keeps them from being offered for clean-up.`;
  if (unknown.length === 0) {
    return `${what} The containers and assistants of the project were checked and use none of these; look at their age before you delete them.`;
  }
  const tools = nameTools(unknown);
  return policy === 'always'
    ? `${what} Whether ${tools} use them could not be checked. A setting offers them all the same: look at their age, and delete only what you know.`
    : `${what} Whether ${tools} use them could not be checked, so those are not offered for clean-up unless a setting (Settings, Guardrails) says so.`;
}
