import { and, eq } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { upload, uploadPart } from '../../schema/index.ts';

export type UploadRow = typeof upload.$inferSelect;
export type UploadPartRow = typeof uploadPart.$inferSelect;

/** Uploads of files in parts. */
export function createUploadRepository({ orm, statement }: Handle) {
  const byId = (tenantId: string, id: string) => and(eq(upload.tenantId, tenantId), eq(upload.id, id));
  return {
    async insert(row: UploadRow): Promise<void> {
      await orm.insert(upload).values(row);
    },
    async find(tenantId: string, id: string): Promise<UploadRow | undefined> {
      return (await orm.select().from(upload).where(byId(tenantId, id)).limit(1))[0];
    },
    async setStatus(
      tenantId: string,
      id: string,
      change: { status: UploadRow['status']; fileId: string | null },
    ): Promise<void> {
      await orm.update(upload).set(change).where(byId(tenantId, id));
    },
    /** Pending uploads that have expired. */
    async listDue(tenantId: string, nowS: number, limit: number): Promise<string[]> {
      return statement(
        `select id from upload indexed by upload_due where tenant_id = ? and status = 'pending' and expires_at_s <= ?
          order by expires_at_s, id limit ?`,
      )
        .pluck()
        .all(tenantId, nowS, limit) as string[];
    },
    async insertPart(row: UploadPartRow): Promise<void> {
      await orm.insert(uploadPart).values(row);
    },
    async listParts(tenantId: string, uploadId: string): Promise<UploadPartRow[]> {
      return orm
        .select()
        .from(uploadPart)
        .where(and(eq(uploadPart.tenantId, tenantId), eq(uploadPart.uploadId, uploadId)));
    },
    /** Removes the parts of an upload; returns the sha256 of each. */
    async removeParts(tenantId: string, uploadId: string): Promise<string[]> {
      return statement('delete from upload_part where tenant_id = ? and upload_id = ? returning sha256')
        .pluck()
        .all(tenantId, uploadId) as string[];
    },
    /** Removes uploads that ended long ago. */
    async prune(tenantId: string, createdBeforeS: number): Promise<void> {
      statement(`delete from upload where tenant_id = ? and status <> 'pending' and created_at_s < ?`).run(
        tenantId,
        createdBeforeS,
      );
    },
  };
}
