/** The requested model of a store. */
interface Model {
  readonly fingerprint: string;
  readonly dimensions: number;
}

/** Stores that are known to exist and to have the requested model. */
export interface OpenedStores {
  has(storeId: string, model: Model): boolean;
  /**
   * An opening begins; call the returned function at its end. It has no effect if the store was forgotten meanwhile.
   */
  begin(storeId: string, model: Model): () => void;
  /** The store is closed, dropped, or re-embedded with another model. */
  forget(storeId: string): void;
}

/** Keeps up to `storesMax` stores; the one opened first is removed first. */
export function createOpenedStores(storesMax: number): OpenedStores {
  const models = new Map<string, Model>();
  let forgottenCount = 0;
  return {
    has(storeId, { fingerprint, dimensions }) {
      const model = models.get(storeId);
      return model?.fingerprint === fingerprint && model.dimensions === dimensions;
    },
    begin(storeId, { fingerprint, dimensions }) {
      const countAtBegin = forgottenCount;
      return () => {
        if (forgottenCount !== countAtBegin) return;
        models.set(storeId, { fingerprint, dimensions });
        const oldest = models.keys().next().value;
        if (models.size > storesMax && oldest !== undefined) models.delete(oldest);
      };
    },
    forget(storeId) {
      forgottenCount += 1;
      models.delete(storeId);
    },
  };
}
