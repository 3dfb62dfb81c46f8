import { createRandom, type Random } from '../random.ts';
import { Fault, type FaultInput } from './fault.ts';
import { fitsPath } from './path-pattern.ts';

/** A fault in force, with what became of it. */
export interface ArmedFault {
  readonly id: string;
  readonly fault: Fault;
  /** Requests that fitted. */
  readonly matched: number;
  /** Requests it struck. */
  readonly struck: number;
}

/** The faults in force, which can change at any time. */
export interface FaultSet {
  /** Puts a fault in force and says its id. Throws when it is not well formed. */
  add(fault: FaultInput): string;
  /** Takes a fault out of force; false when there is none of this id. */
  remove(id: string): boolean;
  clear(): void;
  list(): readonly ArmedFault[];
  /** The faults that strike this request; each call counts as one request. */
  strike(request: FaultTarget): readonly MatchedFault[];
}

export interface FaultTarget {
  readonly method: string;
  /** Behind `/v1`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The file that a request to attach one names. */
  readonly fileId?: string | undefined;
}

export interface MatchedFault {
  readonly fault: Fault;
  /** The fault's own chances, so that they repeat whatever else is in force. */
  readonly random: Random;
  /** Requests that the fault has counted for each id. */
  readonly lookups: Map<string, number>;
}

/** Makes an empty set of faults. */
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
    strike: (request) => {
      if (armed.size === 0) return [];
      const strikes: MatchedFault[] = [];
      for (const entry of armed.values()) {
        const { fault, random, lookups } = entry;
        if (!isFitting(fault, request)) continue;
        entry.matched += 1;
        const first = fault.nth ?? 1;
        const count = fault.count ?? (fault.nth === undefined ? Number.POSITIVE_INFINITY : 1);
        if (entry.matched < first || entry.matched >= first + count) continue;
        if (fault.probability !== undefined && random.float() >= fault.probability) continue;
        entry.struck += 1;
        strikes.push({ fault, random, lookups });
      }
      return strikes;
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
