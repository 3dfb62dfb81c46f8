export interface CreatePlanInput {
  readonly id: string;
  readonly name: string;
  readonly limits: {
    readonly storesMax?: number | null | undefined;
    readonly filesPerStoreMax?: number | null | undefined;
    readonly fileBytesMax?: number | null | undefined;
    readonly totalBytesMax?: number | null | undefined;
    readonly searchesPerDayMax?: number | null | undefined;
    readonly ingestedTokensPerDayMax?: number | null | undefined;
    readonly requestsPerMinuteMax?: number | null | undefined;
    readonly allowedMimeTypes?: string[] | null | undefined;
  };
}

export interface UpdatePlanInput {
  readonly limits: {
    readonly storesMax?: number | null | undefined;
    readonly filesPerStoreMax?: number | null | undefined;
    readonly fileBytesMax?: number | null | undefined;
    readonly totalBytesMax?: number | null | undefined;
    readonly searchesPerDayMax?: number | null | undefined;
    readonly ingestedTokensPerDayMax?: number | null | undefined;
    readonly requestsPerMinuteMax?: number | null | undefined;
    readonly allowedMimeTypes?: string[] | null | undefined;
  };
  readonly name?: string | undefined;
}

export interface PutTenantPlanInput {
  readonly planId: string;
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
}
