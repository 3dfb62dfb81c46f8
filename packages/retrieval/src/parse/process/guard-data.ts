/** What the guard leaves behind on stderr before it ends its process. */
export const OVER_MEMORY = 'espejo-parser-over-memory';

/** What the guard is told when it starts. */
export interface GuardData {
  readonly memoryBytes: number;
  /** Whoever started the process. */
  readonly parentPid: number;
}
