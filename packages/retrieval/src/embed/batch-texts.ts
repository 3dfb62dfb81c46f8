export interface BatchLimits {
  readonly itemsMax: number;
  readonly tokensMax: number;
}

export interface BatchItem {
  /** Where it stands among all the texts. */
  readonly index: number;
  readonly text: string;
  readonly tokenCount: number;
}

/** Consecutive items in as few batches as the limits allow; one that is too long alone is a batch of its own. */
export function batchTexts(items: readonly BatchItem[], limits: BatchLimits): BatchItem[][] {
  const batches: BatchItem[][] = [];
  let batch: BatchItem[] = [];
  let tokens = 0;
  for (const item of items) {
    const isFull = batch.length === limits.itemsMax || tokens + item.tokenCount > limits.tokensMax;
    if (batch.length > 0 && isFull) {
      batches.push(batch);
      batch = [];
      tokens = 0;
    }
    batch.push(item);
    tokens += item.tokenCount;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
