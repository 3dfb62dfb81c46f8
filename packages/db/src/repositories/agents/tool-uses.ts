import type { SourceStates, ToolUse, ToolUses } from '@espejo/core';
import { and, eq } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { connection, toolUse } from '../../schema/index.ts';

/** What upstream reported about files in use outside vector stores, by connection. */
export function createToolUseRepository({ orm }: Handle) {
  return {
    /** Replaces what was known with what was read. */
    async replace(tenantId: string, connectionId: string, uses: ToolUses, nowMs: number): Promise<void> {
      await orm.delete(toolUse).where(and(eq(toolUse.tenantId, tenantId), eq(toolUse.connectionId, connectionId)));
      const rows = [...uses.usesOf].flatMap(([fileId, list]) =>
        list.map((use) => ({ tenantId, connectionId, fileId, ...use })),
      );
      for (let at = 0; at < rows.length; at += 500) await orm.insert(toolUse).values(rows.slice(at, at + 500));
      await orm
        .update(connection)
        .set({ toolStates: JSON.stringify(uses.states), toolsReadAtMs: nowMs })
        .where(and(eq(connection.tenantId, tenantId), eq(connection.id, connectionId)));
    },
    /** What is known of a connection; undefined: it was never read. */
    async find(tenantId: string, connectionId: string): Promise<ToolUses | undefined> {
      const [row] = await orm
        .select({ states: connection.toolStates })
        .from(connection)
        .where(and(eq(connection.tenantId, tenantId), eq(connection.id, connectionId)));
      if (row?.states == null) return undefined;
      const rows = await orm
        .select()
        .from(toolUse)
        .where(and(eq(toolUse.tenantId, tenantId), eq(toolUse.connectionId, connectionId)));
      const usesOf = new Map<string, ToolUse[]>();
      for (const { fileId, source, holderId, holderName, lastUsedAtS } of rows) {
        const uses = usesOf.get(fileId) ?? [];
        uses.push({ source, holderId, holderName, lastUsedAtS });
        usesOf.set(fileId, uses);
      }
      return { states: JSON.parse(row.states) as SourceStates, usesOf };
    },
  };
}
