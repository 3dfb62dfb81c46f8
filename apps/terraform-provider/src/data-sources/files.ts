import {
  attribute,
  type DataSource,
  type ObjectValue,
  PluginError,
  type Schema,
  typeOfAttributes,
} from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import { oneOf, text } from '../resources/attributes.ts';
import { attachedState, attachedType, fileRowAttributes, fileRowState } from './rows.ts';

const EXAMPLE_FILE = `
resource "openai_file" "leave" {
  content  = "Thirty days."
  filename = "leave.md"
}`;

const fileSchema: Schema = {
  version: 0,
  description: 'One file of the project, by its id.',
  attributes: { id: attribute.string({ required: true, description: 'The id.' }), ...fileRowAttributes },
};

export const fileData: DataSource<Client> = {
  schema: fileSchema,
  example: `${EXAMPLE_FILE}

data "openai_file" "leave" {
  id = openai_file.leave.id
}`,
  async read({ client }, config) {
    const row = await (await client()).openai.findFile(String(config.id));
    if (row === undefined) {
      throw new PluginError('Not found', `There is no file '${String(config.id)}' for this key.`, { attribute: 'id' });
    }
    return fileRowState(row);
  },
};

const filesSchema: Schema = {
  version: 0,
  description: 'The files of the project that match every filter, newest first.',
  attributes: {
    purpose: attribute.string({ optional: true, description: 'Their purpose: `assistants`.' }),
    filename: attribute.string({ optional: true, description: 'The exact name.' }),
    ids: attribute.of(['list', 'string'], { computed: true, description: 'Their ids.' }),
    files: attribute.of(['list', typeOfAttributes(fileSchema.attributes)], {
      computed: true,
      description: 'The files, with the attributes of `openai_file`.',
    }),
  },
};

export const filesData: DataSource<Client> = {
  schema: filesSchema,
  example: `${EXAMPLE_FILE}

data "openai_files" "leave" {
  filename   = "leave.md"
  depends_on = [openai_file.leave]
}`,
  async read({ client }, config) {
    const [purpose, filename] = [text(config.purpose), text(config.filename)];
    const query = purpose === null ? '' : `?purpose=${encodeURIComponent(purpose)}`;
    const files: ObjectValue[] = [];
    for await (const row of (await client()).openai.files(query)) {
      if (filename === null || row.filename === filename) files.push(fileRowState(row));
    }
    return { ...config, ids: files.map(({ id }) => id ?? null), files };
  },
};

const storeFilesSchema: Schema = {
  version: 0,
  description: 'The files of a vector store, with the status of each and its error if it is not searchable.',
  attributes: {
    vector_store_id: attribute.string({ required: true, description: 'The store.' }),
    status: attribute.string({
      optional: true,
      description: 'Only files with this status: `in_progress`, `completed`, `failed` or `cancelled`.',
      check: oneOf('in_progress', 'completed', 'failed', 'cancelled'),
    }),
    files: attribute.of(['list', attachedType], {
      computed: true,
      description: 'The files; their attributes are strings.',
    }),
  },
};

export const vectorStoreFilesData: DataSource<Client> = {
  schema: storeFilesSchema,
  example: `
resource "openai_vector_store" "handbook" {
  name = "Handbook"
}

resource "openai_vector_store_file" "leave" {
  vector_store_id = openai_vector_store.handbook.id
  content         = "Thirty days."
  filename        = "leave.md"
}

data "openai_vector_store_files" "handbook" {
  vector_store_id = openai_vector_store.handbook.id
  depends_on      = [openai_vector_store_file.leave]
}`,
  async read({ client }, config) {
    const status = text(config.status);
    const query = status === null ? '' : `?filter=${status}`;
    const files: ObjectValue[] = [];
    for await (const file of (await client()).openai.storeFiles(String(config.vector_store_id), query)) {
      files.push(attachedState(file));
    }
    return { ...config, files };
  },
};
