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
import { SearchForm } from './search-form.tsx';
import { SearchResults } from './search-results.tsx';

/** Searches a store as an application would, beside another one if that is wanted, and says why each result is where it is. */
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
  const here = useQuery({ ...searchQuery(store.id, body), placeholderData: keepPreviousData });
  const besideId = params.beside === store.id ? null : params.beside;
  const beside = useQuery({ ...vectorStoreQuery(besideId ?? ''), enabled: besideId !== null });
  const there = useQuery({
    ...searchQuery(besideId ?? '', besideId === null ? undefined : body),
    placeholderData: keepPreviousData,
  });
  const hereNames = namesOf(here.data);
  const thereNames = namesOf(there.data);
  const fault = here.isError ? asApiError(here.error) : null;

  return (
    <div className="grid gap-4 px-4 py-3">
      <ModelNote store={store} />
      <SearchForm
        // The address is where the search comes from, by Back and Forward too.
        key={JSON.stringify(params)}
        storeId={store.id}
        params={params}
        isSearching={here.isFetching || there.isFetching}
        filterFault={fault?.message.startsWith("Invalid 'filters") === true ? fault.message : null}
        onSearch={(next) => {
          void setParams(next);
          void here.refetch();
          if (besideId !== null) void there.refetch();
        }}
      />
      {body === undefined ? null : (
        <div className={besideId === null ? 'grid gap-4' : 'grid items-start gap-4 lg:grid-cols-2'}>
          <SearchResults
            title={store.name ?? store.id}
            search={here}
            otherNames={besideId === null ? null : thereNames}
          />
          {besideId === null ? null : (
            <SearchResults title={beside.data?.name ?? besideId} search={there} otherNames={hereNames} />
          )}
        </div>
      )}
    </div>
  );
}

/** What makes a search here find something; said before anybody wonders. */
function ModelNote({ store }: { store: VectorStoreDetail }) {
  const isOwn = store.source === 'primary';
  const index = useQuery({ ...storeIndexQuery(store.id), enabled: isOwn });
  if (!isOwn) {
    return (
      <p className="text-muted-foreground text-pretty">
        This is a mirror: searches go to its OpenAI project, and the scores are OpenAI’s own. A search there counts as a
        use of the store.
      </p>
    );
  }
  if (index.data === undefined) return null;
  const { model, mode, isBuilding, chunkCount } = index.data;
  if (model.kind === 'lexical') {
    return (
      <Banner tone="info" title="This store finds words, not meanings." role="note">
        No embedding model is set up, so vectors are made from the words themselves. Set EMBEDDINGS_BASE_URL and
        EMBEDDINGS_MODEL to search by meaning; stores are embedded anew by themselves.
      </Banner>
    );
  }
  return (
    <p className="text-muted-foreground text-pretty">
      Embedded with <span className="text-foreground font-mono text-xs">{model.name}</span>, {model.dimensions}{' '}
      dimensions. {chunkCount === 0 ? 'Nothing is indexed yet.' : mode === 'exact' ? 'Every vector is compared.' : ''}
      {mode === 'graph' ? 'A graph of the vectors is searched.' : ''}
      {isBuilding ? ' It is being built; what it does not hold yet is compared one by one.' : ''}
    </p>
  );
}

function namesOf(search: { readonly results: readonly { filename: string }[] } | undefined): ReadonlySet<string> {
  return new Set(search?.results.map((result) => result.filename));
}
