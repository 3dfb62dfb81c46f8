export interface LimitUsage {
  readonly name:
    | 'storesMax'
    | 'filesPerStoreMax'
    | 'fileBytesMax'
    | 'totalBytesMax'
    | 'searchesPerDayMax'
    | 'ingestedTokensPerDayMax'
    | 'requestsPerMinuteMax';
  readonly unit: 'stores' | 'files' | 'bytes' | 'searches' | 'tokens' | 'requests';
  readonly used: number | null;
  readonly max: number | null;
  readonly setBy: 'plan' | 'settings' | null;
  readonly resetsAt: number | null;
}

export interface Usage {
  readonly plan: {
    readonly id: string;
    readonly name: string;
  };
  readonly limits: LimitUsage[];
  readonly allowedMimeTypes: string[][];
}

export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly isBuiltIn: boolean;
  readonly limits: {
    readonly storesMax: number | null;
    readonly filesPerStoreMax: number | null;
    readonly fileBytesMax: number | null;
    readonly totalBytesMax: number | null;
    readonly searchesPerDayMax: number | null;
    readonly ingestedTokensPerDayMax: number | null;
    readonly requestsPerMinuteMax: number | null;
    readonly allowedMimeTypes: string[] | null;
  };
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
}

export interface TenantPlan {
  readonly tenantId: string;
  readonly plan: Plan;
  readonly overrides: {
    readonly storesMax?: number | null | undefined;
    readonly filesPerStoreMax?: number | null | undefined;
    readonly fileBytesMax?: number | null | undefined;
    readonly totalBytesMax?: number | null | undefined;
    readonly searchesPerDayMax?: number | null | undefined;
    readonly ingestedTokensPerDayMax?: number | null | undefined;
    readonly requestsPerMinuteMax?: number | null | undefined;
    readonly allowedMimeTypes?: string[] | null | undefined;
  };
  readonly limits: {
    readonly storesMax: number | null;
    readonly filesPerStoreMax: number | null;
    readonly fileBytesMax: number | null;
    readonly totalBytesMax: number | null;
    readonly searchesPerDayMax: number | null;
    readonly ingestedTokensPerDayMax: number | null;
    readonly requestsPerMinuteMax: number | null;
    readonly allowedMimeTypes: string[] | null;
  };
}
