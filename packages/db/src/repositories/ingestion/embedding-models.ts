import type { Handle } from '../../connect.ts';

/** An embedding model, without the key it needs. */
export interface EmbeddingModelRecord {
  readonly fingerprint: string;
  readonly kind: 'lexical' | 'static' | 'remote';
  readonly name: string;
  readonly dimensions: number;
  readonly baseUrl: string | null;
  /** The number of dimensions is sent, because it is smaller than the model's default. */
  readonly isDimensionsSent: boolean;
}

/** The embedding models of primary stores, and which store has which. */
export function createEmbeddingModelRepository({ statement }: Handle) {
  return {
    async put(tenantId: string, model: EmbeddingModelRecord): Promise<void> {
      statement(
        `insert into embedding_model (tenant_id, fingerprint, kind, name, dimensions, base_url, is_dimensions_sent)
           values (?, ?, ?, ?, ?, ?, ?)
         on conflict (tenant_id, fingerprint) do nothing`,
      ).run(
        tenantId,
        model.fingerprint,
        model.kind,
        model.name,
        model.dimensions,
        model.baseUrl,
        Number(model.isDimensionsSent),
      );
    },
    async list(tenantId: string): Promise<EmbeddingModelRecord[]> {
      const rows = statement(
        'select fingerprint, kind, name, dimensions, base_url, is_dimensions_sent from embedding_model where tenant_id = ?',
      )
        .raw()
        .all(tenantId) as [string, EmbeddingModelRecord['kind'], string, number, string | null, number][];
      return rows.map(([fingerprint, kind, name, dimensions, baseUrl, isDimensionsSent]) => ({
        fingerprint,
        kind,
        name,
        dimensions,
        baseUrl,
        isDimensionsSent: isDimensionsSent !== 0,
      }));
    },
    async find(tenantId: string, fingerprint: string): Promise<EmbeddingModelRecord | undefined> {
      return (await this.list(tenantId)).find((model) => model.fingerprint === fingerprint);
    },
    /** Null: nothing has been ingested into the store yet. */
    async ofStore(tenantId: string, storeId: string): Promise<string | null> {
      const fingerprint = statement(
        `select embedding_fingerprint from vector_store where tenant_id = ? and id = ? and source = 'primary'`,
      )
        .pluck()
        .get(tenantId, storeId) as string | null | undefined;
      return fingerprint ?? null;
    },
    async setOfStore(tenantId: string, storeId: string, fingerprint: string): Promise<void> {
      statement(
        `update vector_store set embedding_fingerprint = ? where tenant_id = ? and id = ? and source = 'primary'`,
      ).run(fingerprint, tenantId, storeId);
    },
    /** Live primary stores whose vectors were made by another model than this. */
    async listStoresOfOthers(tenantId: string, fingerprint: string, limit: number): Promise<string[]> {
      return statement(
        `select id from vector_store indexed by vector_store_embedding
          where tenant_id = ? and source = 'primary' and embedding_fingerprint <> ? and status not in ('expired', 'trashed')
          order by last_active_sort desc, id limit ?`,
      )
        .pluck()
        .all(tenantId, fingerprint, limit) as string[];
    },
  };
}
