/** Events at an instant, soonest first (a binary heap; equal instants keep their order). */
export class DueQueue<T> {
  readonly #heap: { readonly dueMs: number; readonly seq: number; readonly event: T }[] = [];
  #seq = 0;

  add(dueMs: number, event: T): void {
    const heap = this.#heap;
    const entry = { dueMs, seq: this.#seq, event };
    this.#seq += 1;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >>> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || !isSooner(entry, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  /** Takes the soonest event that is due by now. */
  takeDue(nowMs: number): { readonly dueMs: number; readonly event: T } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.dueMs > nowMs) return undefined;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const childIndex = soonerChild(heap, index);
      const child = heap[childIndex];
      if (child === undefined || !isSooner(child, last)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
    return first;
  }
}

interface Timed {
  readonly dueMs: number;
  readonly seq: number;
}

function isSooner(left: Timed, right: Timed): boolean {
  return left.dueMs < right.dueMs || (left.dueMs === right.dueMs && left.seq < right.seq);
}

function soonerChild(heap: readonly Timed[], index: number): number {
  const leftIndex = index * 2 + 1;
  const left = heap[leftIndex];
  const right = heap[leftIndex + 1];
  return left !== undefined && right !== undefined && isSooner(right, left) ? leftIndex + 1 : leftIndex;
}
