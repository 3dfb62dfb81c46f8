import {
  attribute,
  changedAttributes,
  fill,
  isObject,
  type ObjectValue,
  PluginError,
  type Resource,
  type Schema,
  UNKNOWN,
  type Value,
} from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import type { AttachedFile } from '../client/rows.ts';
import { requireCompleted, waitForFile } from '../files/attach-all.ts';
import { contentAttributes, contentFaults, isAdoption, planContent, plannedContent } from '../files/content-source.ts';
import {
  chunkingAttribute,
  chunkingFault,
  chunkingOf,
  fileAttributes,
  fileAttributesOf,
  fileAttributesState,
  idAttribute,
  secondsOf,
  waitTimeout,
} from './attributes.ts';
import { splitId } from './composite-id.ts';
import { refuseMirror } from './mirror.ts';

const storeFileSchema: Schema = {
  version: 1,
  description:
    'A file in a vector store: an existing one (`file_id`), or one that this resource uploads (`source` or `content`) and deletes. It waits until the file is searchable; if it fails, the error of the apply has the reason.',
  attributes: {
    id: { ...idAttribute, description: '`vs_…/file-…`.' },
    vector_store_id: attribute.string({ required: true, forcesReplacement: true, description: 'The store.' }),
    file_id: attribute.string({
      optional: true,
      computed: true,
      forcesReplacement: true,
      description: 'An existing file. Without it, the uploaded file.',
    }),
    ...contentAttributes,
    attributes: fileAttributes('Attributes for search filters; changed in place.'),
    chunking_strategy: chunkingAttribute({
      forcesReplacement: true,
      note: 'The default is the server’s. A change chunks the file again.',
    }),
    wait_timeout_seconds: waitTimeout,
    status: attribute.string({
      computed: true,
      description: 'The status of the file; `completed` when it is searchable.',
    }),
    last_error: attribute.of(['object', { code: 'string', message: 'string' }], {
      computed: true,
      description: 'Why the server could not ingest the file.',
    }),
    usage_bytes: attribute.number({ computed: true, description: 'Bytes that are billed.' }),
    bytes: attribute.number({ computed: true, description: 'Size of the uploaded file; null for a `file_id`.' }),
    created_at: attribute.number({ computed: true, description: 'When it was attached, in unix seconds.' }),
  },
};

export const vectorStoreFile: Resource<Client> = {
  schema: storeFileSchema,
  example: `
resource "openai_vector_store" "handbook" {
  name = "Handbook"
}

resource "openai_vector_store_file" "holidays" {
  vector_store_id = openai_vector_store.handbook.id
  content         = "Everybody has 30 days of leave a year."
  filename        = "holidays.md"
  attributes      = { lang = "en", year = 2026, draft = false }
}`,
  importExample: 'terraform import openai_vector_store_file.holidays vs_68e5a0c0b2c4/file-8f2c1d0e9b7a',

  validate(config) {
    const fault = chunkingFault(config.chunking_strategy);
    return [
      ...contentFaults(config, ['file_id']),
      ...(fault === undefined
        ? []
        : [
            {
              severity: 'error' as const,
              summary: 'Invalid chunking_strategy',
              detail: fault,
              attribute: 'chunking_strategy',
            },
          ]),
    ];
  },

  async plan({ client, prior, planned, config, private: privateData }) {
    const isUpload = (config.source ?? null) !== null || (config.content ?? null) !== null;
    if (prior === null && !isUpload && (config.file_id ?? null) === null) {
      throw new PluginError('Nothing to attach', 'Set file_id, source or content.', { attribute: 'file_id' });
    }
    const next: Record<string, Value> = { ...planned };
    if (isUpload) Object.assign(next, await planContent(config, planned));
    else Object.assign(next, { filename: prior?.filename ?? null, content_sha256: prior?.content_sha256 ?? null });
    if (prior !== null && changedAttributes(storeFileSchema, prior, next).length === 0) return { planned: next };
    // A store that does not exist yet, or an unconfigured provider, is checked at apply.
    if (typeof planned.vector_store_id === 'string') await refuseMirror(await client(), planned.vector_store_id);
    if (prior === null) return { planned: next };
    const keptDespite = [
      ...(isUpload && (await isAdoption(config, prior)) ? ['content_sha256'] : []),
      ...(privateData.isImported === true && prior.chunking_strategy === null ? ['chunking_strategy'] : []),
    ];
    const isReplaced = changedAttributes(storeFileSchema, prior, next).some(
      (name) => storeFileSchema.attributes[name]?.forcesReplacement === true && !keptDespite.includes(name),
    );
    if (isReplaced && isUpload) next.file_id = UNKNOWN;
    return { planned: next, keptDespite, private: privateData };
  },

  planDelete: async ({ client, prior }) => {
    await refuseMirror(await client(), prior.vector_store_id);
    return undefined;
  },

  async create(context, planned) {
    const { openai } = await context.client();
    const storeId = String(planned.vector_store_id);
    await refuseMirror(await context.client(), storeId);
    let base: ObjectValue = { ...planned, filename: planned.filename === UNKNOWN ? null : (planned.filename ?? null) };
    if (isOwned(planned)) {
      const local = await plannedContent(planned);
      const { row, keep } = await openai.uploadFile({ ...local, purpose: 'assistants', expiresAfterSeconds: null });
      context.onAnswered(keep);
      base = { ...base, file_id: row.id, bytes: row.bytes, content_sha256: local.sha256, filename: local.filename };
    }
    const fileId = String(base.file_id);
    const id = `${storeId}/${fileId}`;
    context.save(fill(storeFileSchema, { ...base, id }));
    const request = {
      fileId,
      attributes: fileAttributesOf(planned.attributes),
      chunking: chunkingOf(planned.chunking_strategy),
    };
    const attached = await openai.attach(storeId, request);
    context.save(stateOf(attached, { ...base, id }));
    const work = {
      client: await context.client(),
      signal: context.signal,
      storeId,
      timeoutSeconds: secondsOf(planned),
    };
    const done = await waitForFile(work, fileId);
    const state = stateOf(done, { ...base, id });
    context.save(state);
    requireCompleted(storeId, [done]);
    return state;
  },

  async read({ client }, state) {
    const { openai } = await client();
    const attached = await openai.findAttached(String(state.vector_store_id), String(state.file_id));
    if (attached === undefined) return null;
    const base: ObjectValue = { ...state, attributes: fileAttributesState(attached.attributes, state.attributes) };
    if (state.filename !== null) return stateOf(attached, base);
    const file = state.content_sha256 === null ? await openai.findFile(String(state.file_id)) : undefined;
    return stateOf(attached, { ...base, filename: file?.filename ?? null, bytes: file?.bytes ?? null });
  },

  async update(context, planned, prior) {
    const { openai } = await context.client();
    const [storeId, fileId] = [String(prior.vector_store_id), String(prior.file_id)];
    const changed = changedAttributes(storeFileSchema, prior, planned);
    if (!changed.includes('attributes')) return { ...planned, id: prior.id ?? null };
    const attached = await openai.updateAttributes(storeId, fileId, fileAttributesOf(planned.attributes) ?? {});
    return stateOf(attached, planned);
  },

  async delete({ client }, prior) {
    const { openai } = await client();
    await openai.detach(String(prior.vector_store_id), String(prior.file_id));
    if (isOwned(prior)) await openai.deleteFile(String(prior.file_id));
  },

  importState(id) {
    const [storeId, fileId] = splitId(id, 'vs_…/file-…');
    return { id: `${storeId}/${fileId}`, vector_store_id: storeId, file_id: fileId };
  },

  upgrade: (raw) => ({
    ...raw,
    id: `${String(raw.vector_store_id)}/${String(raw.file_id ?? raw.id)}`,
    file_id: raw.file_id ?? raw.id,
  }),
};

/** Whether this resource uploaded the file and deletes it. */
function isOwned(state: ObjectValue): boolean {
  return (state.source ?? null) !== null || (state.content ?? null) !== null;
}

function stateOf(attached: AttachedFile, base: ObjectValue): ObjectValue {
  const { last_error: error } = attached;
  return fill(storeFileSchema, {
    ...base,
    status: attached.status,
    last_error:
      error === null || !isObject(error as unknown as Value) ? null : { code: error.code, message: error.message },
    usage_bytes: attached.usage_bytes,
    created_at: attached.created_at,
  });
}
