/**
 * Counts bytes that are being received: on disk or about to be, but not recorded yet. A tenant's recorded bytes and its
 * bytes in progress together must fit its quota. In memory only: the counts of a process that dies are lost, and the
 * next start removes its unfinished transfers.
 */
export interface BytesUnderWay {
  /**
   * Starts to count one transfer. Undefined: the tenant has `openMax` of them already. Transfers of one `group` share
   * its reserved bytes: an upload in parts is recorded with its announced size, so its parts count here only where they
   * exceed that.
   */
  open(input: {
    readonly tenantId: string;
    readonly openMax: number;
    readonly group?: { readonly key: string; readonly coveredBytes: number };
  }): TransferUnderWay | undefined;
  /** What a tenant's open transfers add to its recorded bytes. */
  bytesOf(tenantId: string): number;
  openCountOf(tenantId: string): number;
}

export interface TransferUnderWay {
  /**
   * Counts more bytes, unless the tenant would then have more than `roomBytes` in progress. False: nothing was counted.
   */
  grow(bytes: number, roomBytes: number): boolean;
  /**
   * Ends the transfer. `recorded`: its bytes are recorded from now on, and use up as much of the group's reserved
   * bytes. A second call does nothing.
   */
  close(end: 'recorded' | 'dropped'): void;
}

interface Group {
  coveredBytes: number;
  bytes: number;
  openCount: number;
}

interface Tenant {
  bytes: number;
  openCount: number;
  readonly groups: Map<string, Group>;
}

export function createBytesUnderWay(): BytesUnderWay {
  const tenants = new Map<string, Tenant>();

  function open(input: Parameters<BytesUnderWay['open']>[0]): TransferUnderWay | undefined {
    const { tenantId, openMax } = input;
    const tenant = tenants.get(tenantId) ?? { bytes: 0, openCount: 0, groups: new Map<string, Group>() };
    if (tenant.openCount >= openMax) return undefined;
    tenants.set(tenantId, tenant);
    const group = join(tenant, input.group);
    tenant.openCount += 1;
    group.openCount += 1;
    let ownBytes = 0;
    let isOpen = true;

    /** Changes the group, and the tenant's sum by the change of the group's share. */
    function change(update: () => void): void {
      const before = excess(group);
      update();
      tenant.bytes += excess(group) - before;
    }

    return {
      grow(bytes, roomBytes) {
        if (!isOpen) return false;
        const added = excess({ ...group, bytes: group.bytes + bytes }) - excess(group);
        // Bytes within the reservation are always accepted.
        if (added > 0 && tenant.bytes + added > roomBytes) return false;
        change(() => {
          group.bytes += bytes;
        });
        ownBytes += bytes;
        return true;
      },
      close(end) {
        if (!isOpen) return;
        isOpen = false;
        change(() => {
          group.bytes -= ownBytes;
          if (end === 'recorded') group.coveredBytes = Math.max(0, group.coveredBytes - ownBytes);
        });
        group.openCount -= 1;
        tenant.openCount -= 1;
        if (group.openCount === 0 && input.group !== undefined) tenant.groups.delete(input.group.key);
        if (tenant.openCount === 0) tenants.delete(tenantId);
      },
    };
  }

  return {
    open,
    bytesOf: (tenantId) => tenants.get(tenantId)?.bytes ?? 0,
    openCountOf: (tenantId) => tenants.get(tenantId)?.openCount ?? 0,
  };
}

/** The group of a transfer; one without a group has its own. */
function join(tenant: Tenant, given: { readonly key: string; readonly coveredBytes: number } | undefined): Group {
  if (given === undefined) return { coveredBytes: 0, bytes: 0, openCount: 0 };
  const known = tenant.groups.get(given.key);
  if (known !== undefined) return known;
  const group = { coveredBytes: given.coveredBytes, bytes: 0, openCount: 0 };
  tenant.groups.set(given.key, group);
  return group;
}

function excess({ bytes, coveredBytes }: Group): number {
  return Math.max(0, bytes - coveredBytes);
}
