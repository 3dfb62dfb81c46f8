/** Every limit there is, with what it counts. A closed set: metrics label by it. */
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

/** What the operator allows a tenant. Null: as much as there is. */
export type QuotaLimits = Readonly<Record<LimitName, number | null>> & {
  readonly allowedMimeTypes: readonly string[] | null;
};

/** The plan of a tenant that was given none: one operator on a machine of their own is held to nothing. */
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

/** A limit in force, and who drew it: the operator by the plan, or the tenant's own settings. */
export interface Limit {
  readonly max: number | null;
  /** Null where there is no limit. */
  readonly setBy: 'plan' | 'settings' | null;
}

/** The stricter of what the plan allows and what the settings do. Where they are equal the plan's counts: settings cannot raise it. */
export function stricterLimit(ofPlan: number | null, ofSettings: number | null): Limit {
  if (ofPlan !== null && (ofSettings === null || ofPlan <= ofSettings)) return { max: ofPlan, setBy: 'plan' };
  return { max: ofSettings, setBy: ofSettings === null ? null : 'settings' };
}

/** Whether so much more still fits under a limit. */
export function fits(max: number | null, present: number, added: number): boolean {
  return max === null || present + added <= max;
}
