import OpenAI, * as sdk7 from 'openai';
import OpenAI4, * as sdk4 from 'openai4';
import OpenAI5, * as sdk5 from 'openai5';
import OpenAI6, * as sdk6 from 'openai6';
import type { Watch } from './watch-answers.ts';

/** What a suite needs of a version of the SDK: a client and its error classes. */
export interface Sdk {
  readonly client: OpenAI;
  readonly errors: SdkErrors;
}

type ErrorClass = abstract new (...args: never[]) => Error;
export interface SdkErrors {
  readonly APIError: ErrorClass;
  readonly BadRequestError: ErrorClass;
  readonly NotFoundError: ErrorClass;
}

interface Options {
  readonly apiKey: string;
  readonly baseURL: string;
  readonly fetch?: Watch['fetch'] | undefined;
}

export function sdkOf7(options: Options): Sdk {
  return { client: new OpenAI(options), errors: sdk7 };
}

/** Earlier majors as installed by users; from 5 on they have the current method names. */
export const OLDER_MAJORS: Readonly<Record<string, (options: Options) => Sdk>> = {
  'openai 4': ({ apiKey, baseURL }) => ({ client: asToday(new OpenAI4({ apiKey, baseURL })), errors: sdk4 }),
  'openai 5': (options) => ({ client: new OpenAI5(options) as unknown as OpenAI, errors: sdk5 }),
  'openai 6': (options) => ({ client: new OpenAI6(options) as unknown as OpenAI, errors: sdk6 }),
};

interface InStore {
  readonly vector_store_id: string;
}

/** Major 4 with the current method names: it has `del`, and takes ids in the order of the path. */
function asToday(client: OpenAI4): OpenAI {
  const { files, vectorStores, uploads, embeddings, models } = client;
  const { files: storeFiles, fileBatches } = vectorStores;
  return {
    apiKey: client.apiKey,
    uploads,
    embeddings,
    models,
    files: extended(files, { delete: (id: string) => files.del(id) }),
    vectorStores: extended(vectorStores, {
      delete: (id: string) => vectorStores.del(id),
      files: extended(storeFiles, {
        retrieve: (id: string, { vector_store_id: storeId }: InStore) => storeFiles.retrieve(storeId, id),
        update: (id: string, { vector_store_id: storeId, ...body }: InStore & { attributes: Record<string, string> }) =>
          storeFiles.update(storeId, id, body),
        content: (id: string, { vector_store_id: storeId }: InStore) => storeFiles.content(storeId, id),
        delete: (id: string, { vector_store_id: storeId }: InStore) => storeFiles.del(storeId, id),
      }),
      fileBatches: extended(fileBatches, {
        retrieve: (id: string, { vector_store_id: storeId }: InStore) => fileBatches.retrieve(storeId, id),
        cancel: (id: string, { vector_store_id: storeId }: InStore) => fileBatches.cancel(storeId, id),
        listFiles: (id: string, { vector_store_id: storeId, ...query }: InStore & { limit?: number }) =>
          fileBatches.listFiles(storeId, id, query),
      }),
    }),
  } as unknown as OpenAI;
}

/** A resource with some methods renamed or with other arguments; its internal calls are unchanged. */
function extended<T extends object, M extends object>(resource: T, methods: M): T & M {
  return new Proxy(resource, {
    get(target, name) {
      if (Object.hasOwn(methods, name)) return Reflect.get(methods, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as T & M;
}
