import { createRandom, type Random } from '../random.ts';
import { Fault, type FaultInput } from './fault.ts';
import { fitsPath } from './path-pattern.ts';

/** An injected fault with its counts. */
export interface ArmedFault {
  readonly id: string;
  readonly fault: Fault;
  /** Requests that matched. */
  readonly matched: number;
  /** Requests to which it applied. */
  readonly struck: number;
}

/** The active faults, which can change at any time. */
export interface FaultSet {
  /** Adds a fault and returns its id. Throws when it is malformed. */
  add(fault: FaultInput): string;
  /** Removes a fault; false when there is none with this id. */
  remove(id: string): boolean;
  clear(): void;
  list(): readonly ArmedFault[];
  /** The faults that apply to this request; each call counts as one request. */
  match(request: FaultTarget): readonly MatchedFault[];
}

export interface FaultTarget {
  readonly method: string;
  /** The path after `/v1`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The file in a request that attaches one. */
  readonly fileId?: string | undefined;
}

export interface MatchedFault {
  readonly fault: Fault;
  /** A random source of its own, so that it is repeatable whatever other faults are active. */
  readonly random: Random;
  /** Requests that the fault has counted for each id. */
  readonly lookups: Map<string, number>;
}

/** Creates an empty set of faults. */
export function createFaultSet(): FaultSet {
  const armed = new Map<string, ArmedFault & Omit<MatchedFault, 'fault'> & { matched: number; struck: number }>();
  let lastId = 0;
  return {
    add: (input) => {
      const fault = Fault.parse(input);
      lastId += 1;
      const id = `fault_${lastId}`;
      armed.set(id, { id, fault, matched: 0, struck: 0, random: createRandom(fault.seed ?? 0), lookups: new Map() });
      return id;
    },
    remove: (id) => armed.delete(id),
    clear: () => armed.clear(),
    list: () => [...armed.values()].map(({ id, fault, matched, struck }) => ({ id, fault, matched, struck })),
    match: (request) => {
      if (armed.size === 0) return [];
      const found: MatchedFault[] = [];
      for (const entry of armed.values()) {
        const { fault, random, lookups } = entry;
        if (!isFitting(fault, request)) continue;
        entry.matched += 1;
        const first = fault.nth ?? 1;
        const count = fault.count ?? (fault.nth === undefined ? Number.POSITIVE_INFINITY : 1);
        if (entry.matched < first || entry.matched >= first + count) continue;
        if (fault.probability !== undefined && random.float() >= fault.probability) continue;
        entry.struck += 1;
        found.push({ fault, random, lookups });
      }
      return found;
    },
  };
}

function isFitting(fault: Fault, request: FaultTarget): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== request.method) return false;
  if (fault.path !== undefined && !fitsPath(fault.path, request.path)) return false;
  if (fault.kind === 'cursor_rejected' && !request.query.has('after') && !request.query.has('before')) return false;
  return Object.entries(fault.query ?? {}).every(([name, value]) =>
    value === '*' ? request.query.has(name) : request.query.get(name) === value,
  );
}
