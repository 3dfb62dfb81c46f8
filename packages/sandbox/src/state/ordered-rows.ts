/** The fields of every listed row: lists are in the total order (createdAt, seq). */
export interface OrderedRow {
  readonly id: string;
  /** Unix seconds. Many rows may share one. */
  readonly createdAt: number;
  /** Unique and increasing: breaks the ties within a second. */
  readonly seq: number;
}

type Position = Pick<OrderedRow, 'createdAt' | 'seq'>;

/** Rows by id and in their total order; a cursor is found in O(log n), the usual insert is an append. */
export class OrderedRows<T extends OrderedRow> {
  readonly #byId = new Map<string, T>();
  readonly #ascending: T[] = [];
  /** The former places of removed rows, for servers that continue from a cursor whose object was deleted. */
  readonly #removed = new Map<string, Position>();

  get size(): number {
    return this.#ascending.length;
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  /** The row at this place of the ascending order. */
  at(index: number): T | undefined {
    return this.#ascending[index];
  }

  values(): IterableIterator<T> {
    return this.#ascending.values();
  }

  add(row: T): void {
    if (this.#byId.has(row.id)) throw new Error(`'${row.id}' exists already`);
    this.#byId.set(row.id, row);
    const last = this.#ascending.at(-1);
    if (last === undefined || compare(last, row) < 0) this.#ascending.push(row);
    else this.#ascending.splice(this.firstNotBefore(row), 0, row);
  }

  remove(id: string): T | undefined {
    const row = this.#byId.get(id);
    if (row === undefined) return undefined;
    this.#byId.delete(id);
    this.#ascending.splice(this.firstNotBefore(row), 1);
    this.#removed.set(id, { createdAt: row.createdAt, seq: row.seq });
    return row;
  }

  clear(): void {
    this.#byId.clear();
    this.#ascending.length = 0;
  }

  /** The place of this id, or its former place when it was removed. */
  positionOf(id: string): { readonly position: Position; readonly isRemoved: boolean } | undefined {
    const row = this.#byId.get(id);
    if (row !== undefined) return { position: row, isRemoved: false };
    const position = this.#removed.get(id);
    return position === undefined ? undefined : { position, isRemoved: true };
  }

  /** Index of the first row at or after this position. */
  firstNotBefore(position: Position): number {
    let low = 0;
    let high = this.#ascending.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.#ascending[middle];
      if (row !== undefined && compare(row, position) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the first row after this position. */
  firstAfter(position: Position): number {
    return this.firstNotBefore({ createdAt: position.createdAt, seq: position.seq + 1 });
  }
}

function compare(left: Position, right: Position): number {
  return left.createdAt - right.createdAt || left.seq - right.seq;
}
