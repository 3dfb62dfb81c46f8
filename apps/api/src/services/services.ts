import type { Readiness } from '../telemetry/readiness.ts';
import type { Timings } from '../telemetry/timings.ts';
import type { AccountContext } from './accounts/account-context.ts';
import type { WrongKeys } from './api-keys/wrong-keys.ts';
import type { DenialRecorder } from './audit/record-denial.ts';
import type { AppContext } from './context/app-context.ts';
import type { QuotaRejectionCounter } from './limits/quota-rejection-counter.ts';
import type { RequestLimiter } from './limits/request-limiter.ts';
import type { SearchLimiter } from './limits/search-limiter.ts';

/** Everything the protocols call, wired to its adapters. */
export interface Services extends AppContext, AccountContext {
  readonly searchLimiter: SearchLimiter;
  readonly requestLimiter: RequestLimiter;
  readonly refusals: QuotaRejectionCounter;
  readonly wrongKeys: WrongKeys;
  readonly version: string;
  /** The tenant of principals without one: local requests, the console, ESPEJO_API_KEY. */
  readonly tenantId: string;
  /** Its owners are the operators of the installation. */
  readonly operatorTenantId: string;
  readonly denials: DenialRecorder;
  readonly isScheduleEnabled: boolean;
  readonly timings: Timings;
  /** Why nothing is deleted for its age, or swept, until a person approves; a sentence each. */
  heldBack(): string[];
  readiness(): Promise<Readiness>;
  /** Bytes that may still be written where the data folder is. */
  freeBytes(): Promise<number>;
  /** Starts the background work: recovery, the first sync, the schedule. */
  start(): Promise<void>;
  /** Ends the schedule and the runs, and waits for their last writes. */
  stop(): Promise<void>;
  /** Closes the database after the writes in progress. */
  close(): Promise<void>;
}
