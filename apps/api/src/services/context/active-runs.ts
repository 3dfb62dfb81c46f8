/** A run in this process. */
export interface ActiveRun {
  readonly tenantId: string;
  readonly runId: string;
  readonly connectionId: string;
  readonly trigger: string;
  readonly isDryRun: boolean;
  readonly controller: AbortController;
  readonly finished: Promise<void>;
}

export type ActiveRuns = Map<string, ActiveRun>;

/** Why a run's signal was aborted. */
export class RunStopped extends Error {
  readonly why: 'cancelled' | 'shutdown' | 'lease_lost';
  constructor(why: RunStopped['why']) {
    super(`The run was stopped: ${why}.`);
    this.name = 'RunStopped';
    this.why = why;
  }
}
