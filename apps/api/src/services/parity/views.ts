export interface ParityRun {
  readonly id: string;
  readonly leftStoreId: string;
  readonly rightStoreId: string;
  readonly depth: number;
  readonly queryCount: number;
  readonly meanOverlap: number;
  readonly meanRankCorrelation: number | null;
  readonly queries: {
    readonly query: string;
    readonly overlap: number;
    readonly rankCorrelation: number | null;
    readonly left: {
      readonly fileId: string;
      readonly filename: string;
      readonly score: number;
      readonly isShared: boolean;
    }[];
    readonly right: {
      readonly fileId: string;
      readonly filename: string;
      readonly score: number;
      readonly isShared: boolean;
    }[];
  }[];
  readonly actor: string;
  readonly createdAt: number;
}

export interface ParityRunList {
  readonly data: ParityRun[];
}
