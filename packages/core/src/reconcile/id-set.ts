/** A growing, exact set of ids: 40 MB for a listing of a million files, without an object for each. */
export interface IdSet {
  /** Adds `id`; false when it was there already. */
  add(id: string): boolean;
  has(id: string): boolean;
  readonly size: number;
}

/**
 * Marks a code unit beyond ASCII, whose two bytes follow, and the end of an id: no id's bytes are a prefix of
 * another's.
 */
const WIDE = 0xff;
const END = 0xfe;
/** Share of slots in use at most; beyond it searches grow long. */
const FULL_SHARE = 0.7;

export function createIdSet(): IdSet {
  // The ids one after another as bytes, and a hash table (open addressing) of where each begins, plus one.
  let bytes = new Uint8Array(1024);
  let used = 0;
  let slots = new Uint32Array(64);
  let size = 0;

  /** Writes `id` after those in use without adding it; returns its end. */
  function write(id: string): number {
    const endMax = used + id.length * 3 + 1;
    if (endMax > bytes.length) {
      const grown = new Uint8Array(Math.max(endMax, bytes.length * 2));
      grown.set(bytes);
      bytes = grown;
    }
    let at = used;
    for (let i = 0; i < id.length; i += 1) {
      const unit = id.charCodeAt(i);
      if (unit < 0x80) bytes[at++] = unit;
      else {
        bytes[at++] = WIDE;
        bytes[at++] = unit >>> 8;
        bytes[at++] = unit & 0xff;
      }
    }
    bytes[at++] = END;
    return at;
  }

  /** The slot of the id written at [start, end), or the free slot for it. */
  function slotOf(start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    // The low bits select the slot, so the high ones are mixed into them.
    let slot = (hash ^ (hash >>> 15)) & (slots.length - 1);
    for (let held = slots[slot] ?? 0; held !== 0; held = slots[slot] ?? 0) {
      if (isSame(held - 1, start, end)) break;
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  function isSame(held: number, start: number, end: number): boolean {
    for (let at = start; at < end; at += 1, held += 1) if (bytes[held] !== bytes[at]) return false;
    return true;
  }

  function growSlots(): void {
    const old = slots;
    slots = new Uint32Array(old.length * 2);
    for (const held of old) if (held !== 0) slots[slotOf(held - 1, endOf(held - 1))] = held;
  }

  function endOf(start: number): number {
    let at = start;
    while (bytes[at] !== END) at += bytes[at] === WIDE ? 3 : 1;
    return at + 1;
  }

  return {
    add(id) {
      const end = write(id);
      const slot = slotOf(used, end);
      if (slots[slot] !== 0) return false;
      slots[slot] = used + 1;
      used = end;
      size += 1;
      if (size > slots.length * FULL_SHARE) growSlots();
      return true;
    },
    has: (id) => slots[slotOf(used, write(id))] !== 0,
    get size() {
      return size;
    },
  };
}
