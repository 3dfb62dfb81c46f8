import { createHash } from 'node:crypto';
import { PluginError } from '@espejo/terraform-plugin';
import { explainFailure } from './explain-failure.ts';
import { AnswerLost, type HttpClient, type Json } from './http.ts';
import { HttpError } from './http-error.ts';
import type { Journal } from './journal.ts';
import { createKeyedMutex } from './keyed-mutex.ts';
import type { AttachedFile, Batch, Chunking, FileAttributes, FileRow, Store } from './rows.ts';

/** An object that was created, or taken over from a killed run. */
export interface Made<T> {
  readonly row: T;
  /** To be called when it is in Terraform's state. */
  readonly keep: () => void;
}

export interface StoreFields {
  readonly name: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly expiresAfter: { readonly anchor: string; readonly days: number } | null;
}

export interface Upload {
  readonly filename: string;
  readonly purpose: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly expiresAfterSeconds: number | null;
  readonly open: () => Promise<Blob>;
}

/** The part of OpenAI's API for vector stores and files. */
export type OpenAi = ReturnType<typeof createOpenAi>;

const PAGE_ROWS = 100;
const FILES_PAGE_ROWS = 10_000;
/** Rows created by a request without an answer have times from here on. */
const CLOCK_SLACK_S = 5;
const CREATE_TRIES_MAX = 5;

export function createOpenAi({
  http,
  journal,
  sleep,
}: {
  http: HttpClient;
  journal: Journal;
  sleep: (ms: number) => Promise<void>;
}) {
  const mutex = createKeyedMutex();
  const claimed = new Set<string>(journal.knownIds);

  async function* list(path: string, subject: string, limit = PAGE_ROWS): AsyncGenerator<Json> {
    let after: string | null = null;
    for (;;) {
      const join = path.includes('?') ? '&' : '?';
      const cursor: string = after === null ? '' : `&after=${encodeURIComponent(after)}`;
      const page = await http.request({ method: 'GET', path: `${path}${join}limit=${limit}${cursor}`, subject });
      const rows = page.data;
      if (!Array.isArray(rows)) throw malformed(subject);
      for (const row of rows as Json[]) {
        if (typeof row.id !== 'string') throw malformed(subject);
        yield row;
      }
      if (page.has_more !== true) return;
      const last = (rows.at(-1) as Json | undefined)?.id;
      if (typeof last !== 'string' || last === after) {
        throw new PluginError(
          'A list does not end',
          `The list of ${subject} has has_more = true, but its next page does not advance.`,
        );
      }
      after = last;
    }
  }

  /**
   * Creates an object exactly once: if an answer is lost, the object is looked up on the server before the request is sent
   * again, and objects of a killed run are taken over. Equal objects are created one after the other, so that a
   * found object never belongs to another call.
   */
  function makeOnce<T extends { readonly id: string }>(work: {
    readonly fingerprint: string;
    readonly create: () => Promise<T>;
    readonly findMade: (sinceS: number) => Promise<T | undefined>;
    readonly find: (id: string) => Promise<T | undefined>;
  }): Promise<Made<T>> {
    const made = (entry: number, row: T): Made<T> => {
      claimed.add(row.id);
      journal.made(entry, row.id);
      return { row, keep: () => journal.close(entry) };
    };
    return mutex(work.fingerprint, async () => {
      for (let left = journal.claim(work.fingerprint); left !== undefined; left = journal.claim(work.fingerprint)) {
        const entry = journal.begin(work.fingerprint, left.atS);
        const row = left.id === null ? await work.findMade(left.atS) : await work.find(left.id);
        if (row !== undefined && !claimed.has(row.id)) return made(entry, row);
        journal.close(entry);
      }
      const startedS = http.serverNowS();
      const entry = journal.begin(work.fingerprint, startedS);
      for (let tryCount = 1; ; tryCount += 1) {
        try {
          return made(entry, await work.create());
        } catch (cause) {
          if (!(cause instanceof AnswerLost)) {
            if (cause instanceof HttpError) journal.close(entry);
            throw cause;
          }
          const row = await work.findMade(startedS);
          if (row !== undefined) return made(entry, row);
          if (tryCount === CREATE_TRIES_MAX) {
            journal.close(entry);
            const request = { method: 'POST', path: '', subject: 'create' } as const;
            throw explainFailure(cause.failure, request, http.baseUrl);
          }
          await sleep(250 * 2 ** tryCount);
        }
      }
    });
  }

  const optional = async <T>(request: Promise<T>): Promise<T | undefined> => {
    try {
      return await request;
    } catch (cause) {
      if (cause instanceof HttpError && cause.status === 404) return undefined;
      throw cause;
    }
  };
  const get = async <T>(path: string, subject: string): Promise<T> =>
    (await http.request({ method: 'GET', path, subject })) as unknown as T;
  const remove = async (path: string, subject: string): Promise<void> => {
    await optional(http.request({ method: 'DELETE', path, subject }));
  };
  const findStore = (id: string) => optional(get<Store>(`/vector_stores/${segment(id)}`, `vector store ${id}`));
  const findFile = (id: string) => optional(get<FileRow>(`/files/${segment(id)}`, `file ${id}`));

  return {
    http,
    findStore,
    findFile,
    stores: (query = '') => list(`/vector_stores${query}`, 'vector stores') as unknown as AsyncGenerator<Store>,
    files: (query = '') => list(`/files${query}`, 'files', FILES_PAGE_ROWS) as unknown as AsyncGenerator<FileRow>,
    storeFiles: (storeId: string, query = '') =>
      list(
        `/vector_stores/${segment(storeId)}/files${query}`,
        `files of vector store ${storeId}`,
      ) as unknown as AsyncGenerator<AttachedFile>,

    createStore(fields: StoreFields): Promise<Made<Store>> {
      const body = {
        ...(fields.name !== null && { name: fields.name }),
        ...(fields.description !== null && { description: fields.description }),
        ...(fields.metadata !== null && { metadata: fields.metadata }),
        ...(fields.expiresAfter !== null && { expires_after: fields.expiresAfter }),
      };
      const wanted = sortedJson(fields.metadata ?? {});
      return makeOnce<Store>({
        fingerprint: fingerprintOf('vector_store', http.baseUrl, fields.name, fields.description, wanted),
        create: async () =>
          idOf<Store>(
            await http.request({
              method: 'POST',
              path: '/vector_stores',
              json: body,
              isRepeatable: false,
              subject: `create vector store ${JSON.stringify(fields.name)}`,
            }),
          ),
        find: findStore,
        async findMade(sinceS) {
          for await (const store of newestStores()) {
            if (store.created_at < sinceS - CLOCK_SLACK_S) return undefined;
            const isSame = (store.name ?? '') === (fields.name ?? '') && sortedJson(store.metadata ?? {}) === wanted;
            if (isSame && !claimed.has(store.id)) return store;
          }
          return undefined;
        },
      });
    },
    async updateStore(id: string, edit: Json): Promise<Store> {
      const path = `/vector_stores/${segment(id)}`;
      return idOf<Store>(
        await http.request({ method: 'POST', path, json: edit, subject: `change vector store ${id}` }),
      );
    },
    deleteStore: (id: string, query = '') =>
      remove(`/vector_stores/${segment(id)}${query}`, `delete vector store ${id}`),

    uploadFile(upload: Upload): Promise<Made<FileRow>> {
      const { filename, purpose, sha256, bytes, expiresAfterSeconds } = upload;
      return makeOnce<FileRow>({
        fingerprint: fingerprintOf('file', http.baseUrl, filename, purpose, sha256, String(expiresAfterSeconds)),
        create: async () =>
          idOf<FileRow>(
            await http.request({
              method: 'POST',
              path: '/files',
              isRepeatable: false,
              subject: `upload ${JSON.stringify(filename)}`,
              form: async () => {
                const form = new FormData();
                form.set('purpose', purpose);
                if (expiresAfterSeconds !== null) {
                  form.set('expires_after[anchor]', 'created_at');
                  form.set('expires_after[seconds]', String(expiresAfterSeconds));
                }
                form.set('file', await upload.open(), filename);
                return form;
              },
            }),
          ),
        find: findFile,
        async findMade(sinceS) {
          const query = `?purpose=${encodeURIComponent(purpose)}&order=desc`;
          for await (const file of list(
            `/files${query}`,
            'files',
            FILES_PAGE_ROWS,
          ) as unknown as AsyncGenerator<FileRow>) {
            if (file.created_at < sinceS - CLOCK_SLACK_S) return undefined;
            if (file.filename === filename && file.bytes === bytes && !claimed.has(file.id)) return file;
          }
          return undefined;
        },
      });
    },
    deleteFile: (id: string) => remove(`/files/${segment(id)}`, `delete file ${id}`),

    async attach(storeId: string, file: AttachRequest): Promise<AttachedFile> {
      return idOf<AttachedFile>(
        await http.request({
          method: 'POST',
          path: `/vector_stores/${segment(storeId)}/files`,
          json: attachBody(file),
          subject: `attach file ${file.fileId} to vector store ${storeId}`,
        }),
      );
    },
    findAttached: (storeId: string, fileId: string) =>
      optional(
        get<AttachedFile>(
          `/vector_stores/${segment(storeId)}/files/${segment(fileId)}`,
          `file ${fileId} of vector store ${storeId}`,
        ),
      ),
    async updateAttributes(storeId: string, fileId: string, attributes: FileAttributes | null): Promise<AttachedFile> {
      return idOf<AttachedFile>(
        await http.request({
          method: 'POST',
          path: `/vector_stores/${segment(storeId)}/files/${segment(fileId)}`,
          json: { attributes },
          subject: `change attributes of file ${fileId} in vector store ${storeId}`,
        }),
      );
    },
    detach: (storeId: string, fileId: string) =>
      remove(
        `/vector_stores/${segment(storeId)}/files/${segment(fileId)}`,
        `detach file ${fileId} from vector store ${storeId}`,
      ),

    async createBatch(storeId: string, files: readonly AttachRequest[]): Promise<Batch> {
      const path = `/vector_stores/${segment(storeId)}/file_batches`;
      const subject = `attach ${files.length} files to vector store ${storeId}`;
      return idOf<Batch>(await http.request({ method: 'POST', path, json: { files: files.map(attachBody) }, subject }));
    },
    findBatch: (storeId: string, batchId: string) =>
      optional(
        get<Batch>(`/vector_stores/${segment(storeId)}/file_batches/${segment(batchId)}`, `file batch ${batchId}`),
      ),
    batchFiles: (storeId: string, batchId: string, query = '') =>
      list(
        `/vector_stores/${segment(storeId)}/file_batches/${segment(batchId)}/files${query}`,
        `files of batch ${batchId}`,
      ) as unknown as AsyncGenerator<AttachedFile>,
    search: (storeId: string, body: Json) =>
      http.request({
        method: 'POST',
        path: `/vector_stores/${segment(storeId)}/search`,
        json: body,
        subject: `search vector store ${storeId}`,
      }),
  };

  function newestStores(): AsyncGenerator<Store> {
    return list('/vector_stores?order=desc', 'vector stores') as unknown as AsyncGenerator<Store>;
  }
}

export interface AttachRequest {
  readonly fileId: string;
  readonly attributes: FileAttributes | null;
  readonly chunking: Chunking | null;
}

function attachBody({ fileId, attributes, chunking }: AttachRequest) {
  return {
    file_id: fileId,
    ...(attributes !== null && { attributes }),
    ...(chunking !== null && { chunking_strategy: chunking }),
  };
}

/** One segment of a path: an id from a configuration must not change the path. */
function segment(id: string): string {
  const encoded = encodeURIComponent(id);
  if (id === '' || id === '.' || id === '..') throw new PluginError('Invalid id', `'${id}' is not an id.`);
  return encoded;
}

function idOf<T>(json: Json): T {
  if (typeof json.id !== 'string') throw malformed('an object');
  return json as unknown as T;
}

function malformed(subject: string): PluginError {
  return new PluginError(
    'Unexpected answer',
    `The server's answer about ${subject} is not in OpenAI's format. Check that base_url ends with /v1.`,
  );
}

function fingerprintOf(...parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function sortedJson(map: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
