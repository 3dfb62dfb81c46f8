import type { Handle } from '../../connect.ts';
import { fileSearchText } from '../../search-text.ts';

/** A file of ours on its way onto the record. Its bytes are in the blob store already. */
export interface NewOwnFile {
  readonly tenantId: string;
  readonly id: string;
  readonly filename: string;
  readonly purpose: string;
  readonly mimeType: string | null;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly createdAtS: number;
  readonly expiresAtS: number | null;
  /** The file upstream whose parsed text it is; null: its bytes are its own. */
  readonly adoptedFrom: string | null;
}

/** Files whose bytes are kept here. No statement can meet a mirrored one. */
export function createPrimaryFileRepository({ statement }: Handle) {
  return {
    async insert(file: NewOwnFile): Promise<void> {
      statement(
        `insert into file (tenant_id, id, filename, bytes, purpose, status, created_at_s, expires_at_s, search_text,
           content_hash, sha256, mime_type, adopted_from) values (?, ?, ?, ?, ?, 'processed', ?, ?, ?, '', ?, ?, ?)`,
      ).run(
        file.tenantId,
        file.id,
        file.filename,
        file.sizeBytes,
        file.purpose,
        file.createdAtS,
        file.expiresAtS,
        fileSearchText(file),
        file.sha256,
        file.mimeType,
        file.adoptedFrom,
      );
    },
    /** Takes the file off the record; answers what its bytes are called, or undefined when it is not ours or not there. */
    async remove(tenantId: string, id: string): Promise<string | undefined> {
      return statement('delete from file where tenant_id = ? and id = ? and connection_id is null returning sha256')
        .pluck()
        .get(tenantId, id) as string | undefined;
    },
    /** Files whose end has come by their own word. */
    async listDue(tenantId: string, nowS: number, limit: number): Promise<string[]> {
      return statement(
        `select id from file indexed by file_due where tenant_id = ? and connection_id is null and expires_at_s is not null
            and expires_at_s <= ? order by expires_at_s, id limit ?`,
      )
        .pluck()
        .all(tenantId, nowS, limit) as string[];
    },
    /** Files made for stores alone that are in none, and older than an instant: orphans. */
    async listOrphans(tenantId: string, createdBeforeS: number, limit: number): Promise<string[]> {
      return statement(
        `select id from file indexed by file_unattached
          where tenant_id = ? and purpose = 'assistants' and attachment_count = 0 and created_at_s < ?
            and connection_id is null order by created_at_s, id limit ?`,
      )
        .pluck()
        .all(tenantId, createdBeforeS, limit) as string[];
    },
    /** Whether any file or part of an upload, of whichever tenant, has these bytes. */
    async isContentUsed(sha256: string): Promise<boolean> {
      return (
        statement(
          `select 1 from file where sha256 = ? union all select 1 from upload_part where sha256 = ? limit 1`,
        ).get(sha256, sha256) !== undefined
      );
    },
    async isContentUsedBy(tenantId: string, sha256: string): Promise<boolean> {
      return (
        statement('select 1 from file where sha256 = ? and tenant_id = ? limit 1').get(sha256, tenantId) !== undefined
      );
    },
    /**
     * How much of ours there is: bytes of files, and of uploads under way. An upload that still takes parts counts as
     * what it was announced to become, so that what has been let in always fits; more parts than that count as well.
     */
    async sumBytes(tenantId: string, nowS: number): Promise<number> {
      return statement(
        `select coalesce((select sum(bytes) from file where tenant_id = ? and sha256 is not null), 0)
              + coalesce((select sum(max(iif(u.expires_at_s > ?, u.size_bytes, 0),
                                         (select coalesce(sum(p.size_bytes), 0) from upload_part p
                                           where p.tenant_id = u.tenant_id and p.upload_id = u.id)))
                            from upload u indexed by upload_due where u.tenant_id = ? and u.status = 'pending'), 0)`,
      )
        .pluck()
        .get(tenantId, nowS, tenantId) as number;
    },
  };
}
