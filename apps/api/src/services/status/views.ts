/** What the console's frame shows on every page. */
export interface Status {
  readonly version: string;
  readonly isSandbox: boolean;
  readonly storeCount: number;
  readonly mirrorCount: number;
  readonly primaryCount: number;
  readonly fileCount: number;
  readonly orphanCount: number;
  readonly connectionCount: number;
  readonly activeRunIds: string[];
  readonly reviewRunIds: string[];
  readonly openDeletionCount: number;
  readonly heldBack: string[];
  readonly asOf: number | null;
  readonly nextSyncAt: number | null;
  readonly now: number;
}
