import type { Handle } from '../../connect.ts';
import { fileSearchText } from '../../search-text.ts';

/** A primary file to be inserted. Its bytes are in the blob store already. */
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
  /** The upstream file whose parsed text it is; null: its bytes are its own. */
  readonly adoptedFrom: string | null;
}

/** Files whose bytes are kept here. No statement can match a mirrored one. */
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
    /** Removes the row; returns the sha256 of its bytes, or undefined when the file does not exist or is mirrored. */
    async remove(tenantId: string, id: string): Promise<string | undefined> {
      return statement('delete from file where tenant_id = ? and id = ? and connection_id is null returning sha256')
        .pluck()
        .get(tenantId, id) as string | undefined;
    },
    /** Files whose expiry has passed. */
    async listDue(tenantId: string, nowS: number, limit: number): Promise<string[]> {
      return statement(
        `select id from file indexed by file_due where tenant_id = ? and connection_id is null and expires_at_s is not null
            and expires_at_s <= ? order by expires_at_s, id limit ?`,
      )
        .pluck()
        .all(tenantId, nowS, limit) as string[];
    },
    /** Orphans: files made for vector stores that are in none and are older than an instant. */
    async listOrphans(tenantId: string, createdBeforeS: number, limit: number): Promise<string[]> {
      return statement(
        `select id from file indexed by file_unattached
          where tenant_id = ? and purpose = 'assistants' and attachment_count = 0 and created_at_s < ?
            and connection_id is null order by created_at_s, id limit ?`,
      )
        .pluck()
        .all(tenantId, createdBeforeS, limit) as string[];
    },
    /** Whether any file or part of an upload, of any tenant, has these bytes. */
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
     * The bytes of primary files and of pending uploads. An upload that still accepts parts counts with its announced
     * size, so that an accepted upload always fits; parts beyond that size count as well.
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
