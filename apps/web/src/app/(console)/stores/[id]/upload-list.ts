/** One upload from this browser; the server has the file once it is `sent`. */
export interface UploadRow {
  readonly rowId: number;
  readonly filename: string;
  readonly sizeBytes: number;
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed' | 'cancelled';
  /** 0..1 while it is sending. */
  readonly share: number;
  /** Why it failed. */
  readonly reason: string | null;
}

/** The uploads that have not ended. */
export function openRows(rows: readonly UploadRow[]): UploadRow[] {
  return rows.filter((row) => row.state === 'waiting' || row.state === 'sending');
}

export function changeRow(rows: readonly UploadRow[], rowId: number, change: Partial<UploadRow>): UploadRow[] {
  return rows.map((row) => (row.rowId === rowId ? { ...row, ...change } : row));
}

/** The summary that a screen reader announces: `3 of 5 files sent, 1 failed`. */
export function uploadSummary(rows: readonly UploadRow[]): string {
  const count = (state: UploadRow['state']) => rows.filter((row) => row.state === state).length;
  const failed = count('failed');
  const cancelled = count('cancelled');
  const parts = [
    `${count('sent')} of ${rows.length} ${rows.length === 1 ? 'file' : 'files'} sent`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ];
  return parts.join(', ');
}
