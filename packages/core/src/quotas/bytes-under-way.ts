/**
 * Counts the bytes that are arriving: they are on the disk, or about to be, but not on record yet. A tenant's bytes on
 * record and its bytes under way together must fit its quota. In memory only: a process that dies takes its counts along,
 * and the next start removes what it had not finished.
 */
export interface BytesUnderWay {
  /**
   * Begins to count one transfer. Undefined: the tenant has `openMax` of them already. Transfers of one `group` share what
   * is on record for them in advance: an upload in parts is counted there with its announced size, so its parts count here
   * only where they exceed that.
   */
  open(input: {
    readonly tenantId: string;
    readonly openMax: number;
    readonly group?: { readonly key: string; readonly coveredBytes: number };
  }): TransferUnderWay | undefined;
  /** What a tenant's open transfers add to its bytes on record. */
  bytesOf(tenantId: string): number;
  openCountOf(tenantId: string): number;
}

export interface TransferUnderWay {
  /** Counts more bytes, unless the tenant would then have more than `roomBytes` under way. False: nothing was counted. */
  grow(bytes: number, roomBytes: number): boolean;
  /**
   * Ends it. `recorded`: its bytes are on record from this moment on; they have used up as much of what its group had in
   * advance. To end it again does nothing.
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

    /** Changes the group, and the tenant's sum by as much as the group's share of it changes. */
    function change(update: () => void): void {
      const before = excess(group);
      update();
      tenant.bytes += excess(group) - before;
    }

    return {
      grow(bytes, roomBytes) {
        if (!isOpen) return false;
        const added = excess({ ...group, bytes: group.bytes + bytes }) - excess(group);
        // What adds nothing, because room was kept for it, is no matter of the room.
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

/** The group a transfer belongs to; one without a group is alone in its own. */
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
