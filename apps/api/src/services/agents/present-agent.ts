import type { FileSearchOptions as StoredOptions } from '@espejo/core';
import { toSeconds } from '@espejo/core';
import type { AgentRecord } from '@espejo/db';
import { bindingState } from './binding-state.ts';
import type { Agent, AgentBinding, FileSearchOptions } from './views.ts';

/** An agent in the form the API shows it: every binding with its store as it is now. */
export function presentAgent({ key, bindings }: AgentRecord, nowMs: number): Agent {
  const nowS = toSeconds(nowMs);
  const shown = bindings.map(
    ({ store, ...binding }): AgentBinding => ({
      vectorStoreId: binding.vectorStoreId,
      name: store === null ? binding.storeName : store.name,
      source: store?.source ?? null,
      connectionId: store?.connectionId ?? null,
      mode: binding.mode,
      options: presentOptions(binding.options),
      state: bindingState(store, nowS),
      boundAt: toSeconds(binding.createdAtMs),
    }),
  );
  return {
    agentKey: key,
    bindings: shown,
    brokenCount: shown.filter(({ state }) => state !== 'ready').length,
    updatedAt: toSeconds(Math.max(...bindings.map(({ updatedAtMs }) => updatedAtMs))),
  };
}

function presentOptions({ filters, ...options }: StoredOptions): FileSearchOptions {
  return { ...options, filters: filters === null ? null : { ...filters } };
}
