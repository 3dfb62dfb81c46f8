import { LIMITS } from '@espejo/contracts';

/** Items of one deletion. */
export const DELETION_ITEMS_MAX = LIMITS.deletionItemsMax;
/** Rows of a kind that a plan shows; the counts beside them are exact. */
export const PLAN_ROWS_MAX = LIMITS.planRowsMax;
