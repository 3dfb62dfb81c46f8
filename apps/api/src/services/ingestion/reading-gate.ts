/** Lets files be read in parallel, except those that may have ended a process, which are read alone. */
export interface ReadingGate {
  enter(isAlone: boolean): ReadingTurn;
}

export interface ReadingTurn {
  /** Resolves when the file may be read; also when it left before that. */
  readonly admitted: Promise<void>;
  /** Done, or not needed any more. Idempotent. */
  leave(): void;
}

interface Reader {
  readonly isAlone: boolean;
  readonly letIn: () => void;
}

/** First in, first out: an exclusive file waits for those inside, and later ones wait for it. */
export function createReadingGate(): ReadingGate {
  const inside = new Set<Reader>();
  const waiting: Reader[] = [];

  function admitNext(): void {
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      const isFree = inside.size === 0 || (!next.isAlone && ![...inside].some(({ isAlone }) => isAlone));
      if (!isFree) return;
      waiting.shift();
      inside.add(next);
      next.letIn();
    }
  }

  return {
    enter(isAlone) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const reader: Reader = { isAlone, letIn: resolve };
      waiting.push(reader);
      admitNext();
      return {
        admitted: promise,
        leave() {
          inside.delete(reader);
          const at = waiting.indexOf(reader);
          if (at !== -1) waiting.splice(at, 1);
          resolve();
          admitNext();
        },
      };
    },
  };
}
