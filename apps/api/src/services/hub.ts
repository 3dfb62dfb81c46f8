import { EventEmitter } from 'node:events';

/** Passes events of this process on to whoever watches one id. */
export interface Hub<E> {
  publish(id: string, event: E): void;
  /** False: an event of this id would reach nobody, so it need not be made. */
  isWatched(id: string): boolean;
  /** Returns the way to stop. */
  subscribe(id: string, listener: (event: E) => void): () => void;
}

export function createHub<E>(): Hub<E> {
  const emitter = new EventEmitter();
  // One listener per open page; a number of watchers is no leak.
  emitter.setMaxListeners(0);
  return {
    publish: (id, event) => {
      emitter.emit(id, event);
    },
    isWatched: (id) => emitter.listenerCount(id) > 0,
    subscribe(id, listener) {
      emitter.on(id, listener);
      return () => emitter.off(id, listener);
    },
  };
}
