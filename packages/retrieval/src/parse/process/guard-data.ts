/** The guard writes this to stderr before it ends its process. */
export const OVER_MEMORY = 'espejo-parser-over-memory';

/** The guard's input when it starts. */
export interface GuardData {
  readonly memoryBytes: number;
  /** The process that started this one. */
  readonly parentPid: number;
}
