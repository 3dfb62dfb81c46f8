import {
  initialPacerState,
  type PacerState,
  pauseEnded,
  rateLimited,
  released,
  type Slot,
  slotFor,
  succeeded,
  taken,
} from './pacer-state.ts';

export interface Ticket {
  readonly slot: Slot;
  readonly epoch: number;
}

interface AcquireOptions {
  readonly isInteractive: boolean;
  /** A call that has already waited its turn once goes before those that have not started. */
  readonly isRetry: boolean;
  readonly signal: AbortSignal | undefined;
}

interface Waiter {
  readonly isInteractive: boolean;
  readonly start: (ticket: Ticket) => void;
}

/** Limits and paces the requests of one connection; all calls of one upstream share it. */
export interface Pacer {
  /** Waits for a slot. Rejects with the signal's reason when it is aborted first. */
  acquire(options: AcquireOptions): Promise<Ticket>;
  /** Releases the slot after a response that was not a 429 (`isSuccess`), or after any other end. */
  release(ticket: Ticket, isSuccess: boolean): void;
  /** Releases the slot after a 429: no call starts for `waitMs`, and fewer may run together afterwards. */
  releaseRateLimited(ticket: Ticket, waitMs: number): void;
  /** The longest wait among the current pauses; 0 when there is none. */
  readonly pauseMs: number;
  readonly state: PacerState;
}

export function createPacer(limitMax: number, sleep: (ms: number) => Promise<void>): Pacer {
  let state = initialPacerState(limitMax);
  const pausesMs = new Set<{ readonly ms: number }>();
  const interactive = new Set<Waiter>();
  const retries = new Set<Waiter>();
  const fresh = new Set<Waiter>();
  // In the order in which a free slot is offered.
  const queues = [interactive, retries, fresh];

  function take(slot: Slot): Ticket {
    state = taken(state, slot);
    return { slot, epoch: state.epoch };
  }

  function startWaiters(): void {
    for (const queue of queues) {
      for (const waiter of queue) {
        const slot = slotFor(state, waiter.isInteractive);
        if (slot === null) break;
        queue.delete(waiter);
        waiter.start(take(slot));
      }
    }
  }

  function queueOf(options: AcquireOptions): Set<Waiter> {
    if (options.isInteractive) return interactive;
    return options.isRetry ? retries : fresh;
  }

  function wait(options: AcquireOptions): Promise<Ticket> {
    const { signal } = options;
    const queue = queueOf(options);
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.delete(waiter);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        isInteractive: options.isInteractive,
        start: (ticket) => {
          signal?.removeEventListener('abort', leave);
          resolve(ticket);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue.add(waiter);
    });
  }

  return {
    async acquire(options) {
      options.signal?.throwIfAborted();
      // A slot is free only when no call waits for it: every change of the state starts waiting calls first.
      const slot = slotFor(state, options.isInteractive);
      return slot === null ? wait(options) : take(slot);
    },
    release(ticket, isSuccess) {
      state = released(state, ticket.slot);
      if (isSuccess) state = succeeded(state, ticket.epoch);
      startWaiters();
    },
    releaseRateLimited(ticket, waitMs) {
      state = rateLimited(released(state, ticket.slot), ticket.epoch);
      const pause = { ms: waitMs };
      pausesMs.add(pause);
      const end = () => {
        pausesMs.delete(pause);
        state = pauseEnded(state);
        startWaiters();
      };
      sleep(waitMs).then(end, end);
    },
    get pauseMs() {
      let longest = 0;
      for (const { ms } of pausesMs) longest = Math.max(longest, ms);
      return longest;
    },
    get state() {
      return state;
    },
  };
}
