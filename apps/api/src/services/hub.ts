import { EventEmitter } from 'node:events';

/** Passes events of this process on to whoever watches one thing of one tenant: an id alone may be in two of them. */
export interface Hub<E> {
  publish(tenantId: string, id: string, event: E): void;
  /** False: an event of this would reach nobody, so it need not be made. */
  isWatched(tenantId: string, id: string): boolean;
  /** Returns the way to stop. */
  subscribe(tenantId: string, id: string, listener: (event: E) => void): () => void;
}

export function createHub<E>(): Hub<E> {
  const emitter = new EventEmitter();
  // One listener per open page; a number of watchers is no leak.
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
