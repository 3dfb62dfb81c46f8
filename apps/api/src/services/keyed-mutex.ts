/** Serialises work per key; work under different keys runs in parallel. */
export interface KeyedMutex<K extends string = string> {
  run<T>(key: K, work: () => Promise<T>): Promise<T>;
}

export function createKeyedMutex<K extends string = string>(): KeyedMutex<K> {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(key, work) {
      const turn = (tails.get(key) ?? Promise.resolve()).then(work);
      const tail = turn
        .catch(() => undefined)
        .then(() => {
          if (tails.get(key) === tail) tails.delete(key);
        });
      tails.set(key, tail);
      return turn;
    },
  };
}
