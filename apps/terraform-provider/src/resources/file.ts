import {
  attribute,
  fill,
  isObject,
  type ObjectValue,
  PluginError,
  type Resource,
  type Schema,
  type Value,
} from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import type { FileRow } from '../client/rows.ts';
import { contentAttributes, contentFaults, isAdoption, planContent, plannedContent } from '../files/content-source.ts';
import { between, idAttribute, oneOf, text } from './attributes.ts';

const fileSchema: Schema = {
  version: 1,
  description:
    'A file of an OpenAI project. The content of a file cannot be changed, so new content replaces the file. To keep the old file until the new one is created, set `lifecycle { create_before_destroy = true }`.',
  attributes: {
    id: idAttribute,
    ...contentAttributes,
    purpose: attribute.string({
      optional: true,
      default: 'assistants',
      forcesReplacement: true,
      description: 'Its purpose; vector stores accept `assistants` and `user_data`.',
      check: oneOf('assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'),
    }),
    expires_after: attribute.nested(
      'single',
      {
        seconds: attribute.number({
          required: true,
          description: '3,600 to 2,592,000 seconds after the upload.',
          check: between(3_600, 2_592_000),
        }),
      },
      { optional: true, forcesReplacement: true, description: 'When the file expires; default never.' },
    ),
    on_destroy: attribute.string({
      optional: true,
      default: 'delete',
      description: '`delete` the file, or `abandon` it: it is only removed from the state.',
      check: oneOf('delete', 'abandon'),
    }),
    bytes: attribute.number({ computed: true, description: 'Its size.' }),
    created_at: attribute.number({ computed: true, description: 'When it was uploaded, in unix seconds.' }),
    expires_at: attribute.number({ computed: true, description: 'When it expires, in unix seconds; null: never.' }),
  },
};

export const file: Resource<Client> = {
  schema: fileSchema,
  example: `
resource "openai_file" "holidays" {
  content  = "30 days a year."
  filename = "holidays.md"
}`,
  importExample: 'terraform import openai_file.holidays file-8f2c1d0e9b7a4c6d8e5f3a2b',

  validate: (config) => contentFaults(config, []),

  async plan({ prior, planned, config }) {
    if (prior === null && (config.source ?? null) === null && (config.content ?? null) === null) {
      throw new PluginError('Nothing to upload', 'Set source or content.', { attribute: 'source' });
    }
    const next = { ...planned, ...(await planContent(config, planned)) };
    if (prior === null || !(await isAdoption(config, prior))) return { planned: next };
    return { planned: next, keptDespite: ['content_sha256'] };
  },

  async create(context, planned) {
    const { openai } = await context.client();
    const local = await plannedContent(planned);
    const { row, keep } = await openai.uploadFile({
      ...local,
      purpose: String(planned.purpose),
      expiresAfterSeconds: isObject(planned.expires_after) ? Number(planned.expires_after.seconds) : null,
    });
    context.onAnswered(keep);
    return stateOf(row, { ...planned, content_sha256: local.sha256, filename: local.filename });
  },

  async read({ client }, state) {
    const row = await (await client()).openai.findFile(String(state.id));
    if (row === undefined) return null;
    const filename: Value = row.filename === state.filename ? state.filename : row.filename;
    return stateOf(row, { ...state, filename, purpose: row.purpose, expires_after: expiryOf(row, state) });
  },

  update: async (_context, planned, prior) => ({ ...planned, id: prior.id ?? null }),

  async delete({ client }, prior) {
    if (prior.on_destroy === 'abandon') return;
    await (await client()).openai.deleteFile(String(prior.id));
  },

  importState(id) {
    if (!/^[\w.:-]+$/.test(id)) throw new PluginError('Invalid import id', `'${id}' is not a file id.`);
    return { id };
  },

  /** Other providers name the path `file`, `filepath` or `file_path`. */
  upgrade(raw) {
    const source = [raw.source, raw.file, raw.filepath, raw.file_path]
      .map((value) => text(value as Value))
      .find(Boolean);
    return { ...raw, source: source ?? null };
  },
};

/** The server returns the expiry time; the seconds are the difference to the creation. */
function expiryOf(row: FileRow, state: ObjectValue): Value {
  const seconds = (row.expires_at ?? null) === null ? null : Number(row.expires_at) - row.created_at;
  const known = isObject(state.expires_after) ? Number(state.expires_after.seconds) : null;
  if (seconds === known) return state.expires_after ?? null;
  return seconds === null ? null : { seconds };
}

function stateOf(row: FileRow, base: ObjectValue): ObjectValue {
  return fill(fileSchema, {
    ...base,
    id: row.id,
    bytes: row.bytes,
    created_at: row.created_at,
    expires_at: row.expires_at ?? null,
  });
}
