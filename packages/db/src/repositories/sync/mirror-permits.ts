import type { Handle } from '../../connect.ts';

export function createMirrorPermitRepository({ statement }: Handle) {
  return {
    /** Lets the rest of this transaction write the connection's mirrored rows. */
    async grant(tenantId: string, connectionId: string): Promise<void> {
      statement('insert or ignore into mirror_write_permit (tenant_id, connection_id) values (?, ?)').run(
        tenantId,
        connectionId,
      );
    },
    /** Revokes every permit; a transaction does so automatically before it commits. */
    async revoke(): Promise<void> {
      statement('delete from mirror_write_permit').run();
    },
  };
}
