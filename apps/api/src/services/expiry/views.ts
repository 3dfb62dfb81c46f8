import type { ExpiryPolicy } from '@espejo/core';

export interface ExpiryConversionRow {
  readonly form: 'espejo' | 'openai_store' | 'openai_file' | 'terraform';
  readonly result: 'exact' | 'lossy' | 'refused';
  readonly value: Readonly<Record<string, unknown>> | null;
  readonly expiresAt: number | null;
  readonly reasons: {
    readonly code: string;
    readonly message: string;
    readonly before: number | null;
    readonly after: number | null;
  }[];
  readonly text: string;
}

/** One policy in every form, before any of them is saved. */
export interface ExpiryConversion {
  readonly now: number;
  readonly source: 'espejo' | 'openai_store' | 'openai_file' | 'terraform';
  readonly policy: ExpiryPolicy;
  readonly expiresAt: number | null;
  readonly text: string;
  readonly rows: ExpiryConversionRow[];
}
