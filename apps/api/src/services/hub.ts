import { EventEmitter } from 'node:events';

/** Passes events of this process to the watchers of one id in one tenant: the same id may exist in two tenants. */
export interface Hub<E> {
  publish(tenantId: string, id: string, event: E): void;
  /** False: nothing watches this, so the event need not be built. */
  isWatched(tenantId: string, id: string): boolean;
  /** Returns the function that unsubscribes. */
  subscribe(tenantId: string, id: string, listener: (event: E) => void): () => void;
}

export function createHub<E>(): Hub<E> {
  const emitter = new EventEmitter();
  // One listener per open page; any number of watchers is no leak.
  emitter.setMaxListeners(0);
  const nameOf = (tenantId: string, id: string) => JSON.stringify([tenantId, id]);
  return {
    publish: (tenantId, id, event) => {
      emitter.emit(nameOf(tenantId, id), event);
    },
    isWatched: (tenantId, id) => emitter.listenerCount(nameOf(tenantId, id)) > 0,
    subscribe(tenantId, id, listener) {
      const name = nameOf(tenantId, id);
      emitter.on(name, listener);
      return () => emitter.off(name, listener);
    },
  };
}
