import {
  type ApplyContext,
  attribute,
  changedAttributes,
  fill,
  type ObjectValue,
  type Resource,
  type Schema,
  type Value,
} from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import type { AttachedFile } from '../client/rows.ts';
import { attachAndWait, requireCompleted } from '../files/attach-all.ts';
import {
  chunkingAttribute,
  chunkingFault,
  chunkingOf,
  commonAttributesState,
  fileAttributes,
  fileAttributesOf,
  idAttribute,
  oneOf,
  secondsOf,
  texts,
  waitTimeout,
} from './attributes.ts';
import { splitId } from './composite-id.ts';
import { refuseMirror } from './mirror.ts';

const FILES_MAX = 2_000;

const batchSchema: Schema = {
  version: 1,
  description:
    'Many files in a vector store, attached together with the same attributes and chunking. Files added later are attached, removed ones are detached. It waits until all are searchable.',
  attributes: {
    id: { ...idAttribute, description: '`vs_…/vsfb_…`, the batch that attached the first files.' },
    vector_store_id: attribute.string({ required: true, forcesReplacement: true, description: 'The store.' }),
    file_ids: attribute.of(['set', 'string'], {
      required: true,
      description: '1 to 2,000 files.',
      check: (value) =>
        Array.isArray(value) && value.length >= 1 && value.length <= FILES_MAX
          ? undefined
          : `It must have 1 to ${FILES_MAX} files.`,
    }),
    attributes: fileAttributes('For every file; changed in place.'),
    chunking_strategy: chunkingAttribute({ forcesReplacement: true, note: 'Of every file.' }),
    on_destroy: attribute.string({
      optional: true,
      default: 'detach',
      description: '`detach` the files from the store, or `abandon` them there.',
      check: oneOf('detach', 'abandon'),
    }),
    wait_timeout_seconds: waitTimeout,
    created_at: attribute.number({ computed: true, description: 'When it was created, in unix seconds.' }),
  },
};

export const vectorStoreFileBatch: Resource<Client> = {
  schema: batchSchema,
  example: `
resource "openai_vector_store" "minutes" {
  name = "Minutes"
}

resource "openai_file" "minutes" {
  for_each = { january = "We met.", february = "We met again." }
  content  = each.value
  filename = "\${each.key}.md"
}

resource "openai_vector_store_file_batch" "minutes" {
  vector_store_id = openai_vector_store.minutes.id
  file_ids        = [for file in openai_file.minutes : file.id]
  attributes      = { kind = "minutes" }
}`,
  importExample: 'terraform import openai_vector_store_file_batch.minutes vs_68e5a0c0b2c4/vsfb_1f2e3d4c5b6a',

  validate(config) {
    const fault = chunkingFault(config.chunking_strategy);
    if (fault === undefined) return [];
    return [{ severity: 'error', summary: 'Invalid chunking_strategy', detail: fault, attribute: 'chunking_strategy' }];
  },

  async plan({ client, prior, planned, private: privateData }) {
    if (prior !== null && changedAttributes(batchSchema, prior, planned).length === 0) return { planned };
    if (typeof planned.vector_store_id === 'string') await refuseMirror(await client(), planned.vector_store_id);
    const isUntold = privateData.isImported === true && prior?.chunking_strategy === null;
    return { planned, keptDespite: isUntold ? ['chunking_strategy'] : [], private: privateData };
  },

  planDelete: async ({ client, prior }) => {
    if (prior.on_destroy !== 'abandon') await refuseMirror(await client(), prior.vector_store_id);
    return undefined;
  },

  async create(context, planned) {
    const client = await context.client();
    const storeId = String(planned.vector_store_id);
    await refuseMirror(client, storeId);
    let state: ObjectValue = { ...planned, file_ids: [] };
    await attachFiles(context, planned, texts(planned.file_ids), (batch) => {
      state = fill(batchSchema, { ...planned, id: `${storeId}/${batch.id}`, created_at: batch.created_at });
      context.save(state);
    });
    return state;
  },

  async read({ client: connect, private: privateData }, state) {
    const { openai } = await connect();
    const [storeId, batchId] = splitId(String(state.id), 'vs_…/vsfb_…');
    if ((await openai.findStore(storeId)) === undefined) return null;
    const isImported = privateData.isImported === true && state.file_ids === null;
    if (isImported) return readImported(await connect(), storeId, batchId, state);
    const wanted = new Set(texts(state.file_ids));
    const attached: AttachedFile[] = [];
    for await (const file of openai.storeFiles(storeId)) if (wanted.has(file.id)) attached.push(file);
    return attached.length === 0 ? null : withFiles(state, attached);
  },

  async update(context, planned, prior) {
    const { openai } = await context.client();
    const storeId = String(prior.vector_store_id);
    const [wanted, present] = [texts(planned.file_ids), texts(prior.file_ids)];
    let fileIds = [...present];
    const save = (attributes: Value) =>
      context.save({ ...planned, id: prior.id ?? null, file_ids: fileIds, attributes });
    const added = wanted.filter((fileId) => !present.includes(fileId));
    await attachFiles(context, planned, added, () => {
      fileIds = [...fileIds, ...added];
      save(prior.attributes ?? null);
    });
    for (const fileId of present.filter((id) => !wanted.includes(id))) {
      await openai.detach(storeId, fileId);
      fileIds = fileIds.filter((id) => id !== fileId);
      save(prior.attributes ?? null);
    }
    if (changedAttributes(batchSchema, prior, planned).includes('attributes')) {
      const attributes = fileAttributesOf(planned.attributes) ?? {};
      for (const fileId of fileIds.filter((id) => !added.includes(id))) {
        context.signal.throwIfAborted();
        await openai.updateAttributes(storeId, fileId, attributes);
      }
    }
    return { ...planned, id: prior.id ?? null };
  },

  async delete(context, prior) {
    if (prior.on_destroy === 'abandon') return;
    const { openai } = await context.client();
    let left = texts(prior.file_ids);
    for (const fileId of left) {
      context.signal.throwIfAborted();
      await openai.detach(String(prior.vector_store_id), fileId);
      left = left.filter((id) => id !== fileId);
      context.save({ ...prior, file_ids: left });
    }
  },

  importState(id) {
    const [storeId, batchId] = splitId(id, 'vs_…/vsfb_…');
    return { id: `${storeId}/${batchId}`, vector_store_id: storeId };
  },

  upgrade: (raw) => ({ ...raw, id: `${String(raw.vector_store_id)}/${String(raw.batch_id ?? raw.id)}` }),
};

async function readImported(
  { openai }: Client,
  storeId: string,
  batchId: string,
  state: ObjectValue,
): Promise<ObjectValue | null> {
  const batch = await openai.findBatch(storeId, batchId);
  if (batch === undefined) return null;
  const attached: AttachedFile[] = [];
  for await (const file of openai.batchFiles(storeId, batchId)) attached.push(file);
  return fill(batchSchema, { ...withFiles(state, attached), created_at: batch.created_at });
}

function withFiles(state: ObjectValue, attached: readonly AttachedFile[]): ObjectValue {
  const remote = attached.map(({ attributes }) => attributes ?? {});
  return {
    ...state,
    file_ids: attached.map(({ id }) => id),
    attributes: commonAttributesState(remote, state.attributes),
  };
}

/** Attaches in one batch; `onStarted` is called before the wait, so that the state has the batch even if the wait fails. */
async function attachFiles(
  context: ApplyContext<Client>,
  planned: ObjectValue,
  fileIds: readonly string[],
  onStarted: (batch: { id: string; created_at: number }) => void,
): Promise<void> {
  const storeId = String(planned.vector_store_id);
  const done = await attachAndWait({
    client: await context.client(),
    signal: context.signal,
    storeId,
    timeoutSeconds: secondsOf(planned),
    batchFilesMax: FILES_MAX,
    onStarted,
    files: fileIds.map((fileId) => ({
      fileId,
      attributes: fileAttributesOf(planned.attributes),
      chunking: chunkingOf(planned.chunking_strategy),
    })),
  });
  requireCompleted(storeId, done);
}
