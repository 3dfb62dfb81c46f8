export interface AgentToolsQuery {
  readonly mirrors: 'hosted' | 'espejo';
  readonly leaveOut?: string | undefined;
}

export interface ListAgentsQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly q?: string | undefined;
}

export interface PutAgentInput {
  readonly bindings: {
    readonly vectorStoreId: string;
    readonly mode: 'default' | 'required';
    readonly options: {
      readonly maxNumResults: number | null;
      readonly filters: Readonly<Record<string, unknown>> | null;
      readonly ranker: 'auto' | 'default-2024-11-15' | null;
      readonly scoreThreshold: number | null;
      readonly includeSearchResults: boolean;
    };
  }[];
}
