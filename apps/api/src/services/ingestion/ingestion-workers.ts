/** Takes files into stores in the background. */
export interface IngestionWorkers {
  /** There is something to take in, or there may be. */
  kick(): void;
  /** Frees what dead processes held, and goes on where they stopped. */
  start(): Promise<void>;
  /** Begins nothing more, gives back what is under way, and waits for that. */
  stop(): Promise<void>;
  /** Resolves when nothing is under way and nothing is due now: for tests. */
  idle(): Promise<void>;
}
