'use client';

import type { VectorStoreDetail } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { asApiError } from '#lib/api/client.ts';
import { searchQuery, storeIndexQuery } from '#lib/api/primary-stores.ts';
import { vectorStoreQuery } from '#lib/api/vector-stores.ts';
import { useValidParams } from '#lib/hooks/use-valid-params.ts';
import { playgroundParams } from '../../search-params.ts';
import { toSearchBody } from '../../search-request.ts';
import { HeldSearch } from './held-search.tsx';
import { SearchForm } from './search-form.tsx';
import { SearchResults } from './search-results.tsx';
import { useUpstreamRun } from './use-upstream-run.ts';

const ONLY_VECTORS = { vectors: 100, words: 0 } as const;

/** Searches a store as an application would, optionally beside a second store, and explains each score. */
export function SearchPlayground({ store }: { store: VectorStoreDetail }) {
  useValidParams(playgroundParams);
  const [params, setParams] = useQueryStates(playgroundParams);
  const body = toSearchBody({
    text: params.find,
    filter: params.filter,
    ranker: params.ranker,
    vectorShare: params.vectors,
    threshold: params.threshold / 100,
    limit: params.limit,
  });
  const run = useUpstreamRun(params);
  const isHereHeld = store.source === 'cache' && !run.isAsked;
  const here = useQuery({
    ...searchQuery(store.id, isHereHeld ? undefined : body),
    placeholderData: keepPreviousData,
  });
  const besideId = params.beside === store.id ? null : params.beside;
  const beside = useQuery({ ...vectorStoreQuery(besideId ?? ''), enabled: besideId !== null });
  // Before it is known what the other store is, it may be a mirror.
  const isThereHeld = beside.data?.source !== 'primary' && !run.isAsked;
  const there = useQuery({
    ...searchQuery(besideId ?? '', besideId === null || isThereHeld ? undefined : body),
    placeholderData: keepPreviousData,
  });
  const hereNames = namesOf(here.data);
  const thereNames = namesOf(there.data);
  const weights = params.ranker === 'none' ? ONLY_VECTORS : { vectors: params.vectors, words: 100 - params.vectors };
  const fault = here.isError ? asApiError(here.error) : null;

  return (
    <div className="grid gap-4 px-4 py-3">
      <ModelNote store={store} />
      <SearchForm
        // The form is reset from the URL, also after Back and Forward.
        key={JSON.stringify(params)}
        storeId={store.id}
        params={params}
        isSearching={here.isFetching || there.isFetching}
        filterFault={fault?.message.startsWith("Invalid 'filters") === true ? fault.message : null}
        onSearch={(next) => {
          // The same search once more is asked for again; another one is read when the address has it.
          if (run.isSame(next)) {
            if (!isHereHeld) void here.refetch();
            if (besideId !== null && !isThereHeld) void there.refetch();
          }
          run.ask(next);
          void setParams(next);
        }}
      />
      {body === undefined ? null : (
        <div className={besideId === null ? 'grid gap-4' : 'grid items-start gap-4 lg:grid-cols-2'}>
          {isHereHeld ? (
            <HeldSearch title={store.name ?? store.id} />
          ) : (
            <SearchResults
              title={store.name ?? store.id}
              search={here}
              otherNames={besideId === null ? null : thereNames}
              weights={weights}
            />
          )}
          {besideId === null ? null : isThereHeld ? (
            <HeldSearch title={beside.data?.name ?? besideId} />
          ) : (
            <SearchResults
              title={beside.data?.name ?? besideId}
              search={there}
              otherNames={hereNames}
              weights={weights}
            />
          )}
        </div>
      )}
    </div>
  );
}

/** How this store is searched: by OpenAI for a mirror, by which model and index for a primary store. */
function ModelNote({ store }: { store: VectorStoreDetail }) {
  const isPrimary = store.source === 'primary';
  const index = useQuery({ ...storeIndexQuery(store.id), enabled: isPrimary });
  if (!isPrimary) {
    return (
      <p className="text-muted-foreground text-pretty">
        This is a mirror: searches are sent to its OpenAI project, and OpenAI computes the scores. Each search counts as
        a use of the store.
      </p>
    );
  }
  if (index.data === undefined) return null;
  const { model, mode, isBuilding, chunkCount } = index.data;
  if (model.kind === 'lexical') {
    return (
      <Banner tone="info" title="This store finds words and spellings, not meanings." role="note">
        Its embedder is the built-in {model.name}, which computes vectors from the words. To search by meaning, set
        EMBEDDINGS_MODEL to a model in a folder (file:/path) or EMBEDDINGS_BASE_URL and EMBEDDINGS_MODEL to an endpoint;
        stores are then reembedded automatically.
      </Banner>
    );
  }
  return (
    <p className="text-muted-foreground text-pretty">
      Embedded with <span className="text-foreground font-mono text-xs">{model.name}</span>,{' '}
      {model.kind === 'static' ? 'a model in a folder on this machine' : 'a model of the embeddings endpoint'},{' '}
      {model.dimensions} dimensions. It finds words and{' '}
      {model.kind === 'static' ? 'the meanings of words, but ignores their order.' : 'their meanings.'}{' '}
      {chunkCount === 0 ? 'Nothing is indexed yet.' : mode === 'exact' ? 'A search compares every vector.' : ''}
      {mode === 'graph' ? 'A search uses the graph of the vectors.' : ''}
      {isBuilding ? ' The graph is being built; vectors that it does not contain yet are compared one by one.' : ''}
    </p>
  );
}

function namesOf(search: { readonly results: readonly { filename: string }[] } | undefined): ReadonlySet<string> {
  return new Set(search?.results.map((result) => result.filename));
}
