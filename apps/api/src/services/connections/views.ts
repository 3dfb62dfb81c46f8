/** One upstream OpenAI project. The key is write-only: it is encrypted at rest and never returned. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly kind: 'openai' | 'sandbox';
  readonly origin: 'environment' | 'console' | 'built_in';
  readonly baseUrl: string;
  readonly organization: string | null;
  readonly project: string | null;
  readonly hasApiKey: boolean;
  readonly isEnabled: boolean;
  readonly syncCron: string;
  readonly isSyncEnabled: boolean;
  readonly nextTicks: number[];
  readonly removalGraceSeconds: number;
  readonly concurrency: number;
  readonly health: {
    readonly status:
      | 'unknown'
      | 'ok'
      | 'unauthorized'
      | 'forbidden'
      | 'rate_limited'
      | 'unavailable'
      | 'malformed'
      | 'needs_review';
    readonly message: string | null;
    readonly checkedAt: number | null;
  };
  readonly storeCount: number;
  readonly fileCount: number;
  readonly usageBytes: number;
  readonly lastCompleteSyncAt: number | null;
  readonly activeRunId: string | null;
  readonly createdAt: number;
}

/** The result of a connection test. */
export interface ConnectionTestResult {
  readonly ok: boolean;
  readonly code: string | null;
  readonly message: string;
  readonly permissions: {
    readonly permission: 'read_vector_stores' | 'read_files' | 'write';
    readonly state: 'allowed' | 'refused' | 'unknown';
    readonly message: string | null;
  }[];
  readonly latencyMs: number;
  readonly organization: string | null;
  readonly project: string | null;
}
