import type { Handle } from '../connect.ts';

export function createMirrorPermitRepository({ statement }: Handle) {
  return {
    /** Lets the rest of this transaction write the connection's mirrored rows, until `revoke`. */
    async grant(tenantId: string, connectionId: string): Promise<void> {
      statement('insert or ignore into mirror_write_permit (tenant_id, connection_id) values (?, ?)').run(
        tenantId,
        connectionId,
      );
    },
    /** Must end every transaction that was granted a permit, so that no permit is ever committed. */
    async revoke(): Promise<void> {
      statement('delete from mirror_write_permit').run();
    },
  };
}
