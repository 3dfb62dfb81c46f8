export interface BatchLimits {
  readonly itemsMax: number;
  readonly tokensMax: number;
}

export interface BatchItem {
  /** Its position among all texts. */
  readonly index: number;
  readonly text: string;
  readonly tokenCount: number;
}

/**
 * Groups consecutive items into as few batches as the limits allow; an item that is too long alone is a batch of its
 * own.
 */
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
