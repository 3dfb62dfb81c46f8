/** Every limit, with its unit. A closed set: metrics use it as a label. */
export const LIMIT_UNITS = {
  storesMax: 'stores',
  filesPerStoreMax: 'files',
  fileBytesMax: 'bytes',
  totalBytesMax: 'bytes',
  searchesPerDayMax: 'searches',
  ingestedTokensPerDayMax: 'tokens',
  requestsPerMinuteMax: 'requests',
} as const;

export type LimitName = keyof typeof LIMIT_UNITS;
export const LIMIT_NAMES = Object.keys(LIMIT_UNITS) as readonly LimitName[];

/** What the operator allows a tenant. Null: no limit. */
export type QuotaLimits = Readonly<Record<LimitName, number | null>> & {
  readonly allowedMimeTypes: readonly string[] | null;
};

/** The plan of a tenant without one: an operator on their own machine has no limits. */
export const UNLIMITED: QuotaLimits = {
  storesMax: null,
  filesPerStoreMax: null,
  fileBytesMax: null,
  totalBytesMax: null,
  searchesPerDayMax: null,
  ingestedTokensPerDayMax: null,
  requestsPerMinuteMax: null,
  allowedMimeTypes: null,
};

/** A limit in force, and its origin: the tenant plan, or the tenant's own settings. */
export interface Limit {
  readonly max: number | null;
  /** Null if there is no limit. */
  readonly setBy: 'plan' | 'settings' | null;
}

/** The stricter of plan and settings. If they are equal, the plan is named: settings cannot raise it. */
export function stricterLimit(ofPlan: number | null, ofSettings: number | null): Limit {
  if (ofPlan !== null && (ofSettings === null || ofPlan <= ofSettings)) return { max: ofPlan, setBy: 'plan' };
  return { max: ofSettings, setBy: ofSettings === null ? null : 'settings' };
}

/** Whether an addition still fits within a limit. */
export function fits(max: number | null, present: number, added: number): boolean {
  return max === null || present + added <= max;
}
