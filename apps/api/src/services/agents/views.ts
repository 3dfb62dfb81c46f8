/** Whether a bound store can be searched. */
export type BindingState = 'ready' | 'missing' | 'expired' | 'trashed';

/** How an agent searches a store; null: the default of the client. */
export interface FileSearchOptions {
  readonly maxNumResults: number | null;
  readonly filters: Readonly<Record<string, unknown>> | null;
  readonly ranker: 'auto' | 'default-2024-11-15' | null;
  readonly scoreThreshold: number | null;
  readonly includeSearchResults: boolean;
}

export interface AgentBinding {
  readonly vectorStoreId: string;
  readonly name: string | null;
  readonly source: 'primary' | 'cache' | null;
  readonly connectionId: string | null;
  readonly mode: 'default' | 'required';
  readonly options: FileSearchOptions;
  readonly state: BindingState;
  readonly boundAt: number;
}

export interface Agent {
  readonly agentKey: string;
  readonly bindings: AgentBinding[];
  readonly brokenCount: number;
  readonly updatedAt: number;
}

export interface AgentPage {
  readonly data: Agent[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}

/** A function that searches in Espejo. */
export interface FunctionSearchTool {
  readonly kind: 'function';
  readonly vectorStoreId: string;
  readonly tool: {
    readonly type: 'function';
    readonly name: string;
    readonly description: string;
    readonly strict: true;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
  readonly search: {
    readonly method: 'POST';
    readonly path: string;
    readonly body: {
      readonly max_num_results?: number | undefined;
      readonly filters?: Readonly<Record<string, unknown>> | undefined;
      readonly ranking_options?:
        | {
            readonly ranker?: string | undefined;
            readonly score_threshold?: number | undefined;
          }
        | undefined;
    };
  };
}

export interface AgentTools {
  readonly agentKey: string;
  readonly tools: (
    | FunctionSearchTool
    | {
        readonly kind: 'hosted';
        readonly connectionId: string;
        readonly includeSearchResults: boolean;
        readonly tool: {
          readonly type: 'file_search';
          readonly vector_store_ids: string[];
          readonly max_num_results?: number | undefined;
          readonly filters?: Readonly<Record<string, unknown>> | undefined;
          readonly ranking_options?:
            | {
                readonly ranker?: string | undefined;
                readonly score_threshold?: number | undefined;
              }
            | undefined;
        };
      }
  )[];
}

/** An agent that uses a store. */
export interface StoreUser {
  readonly agentKey: string;
  readonly mode: 'default' | 'required';
}
