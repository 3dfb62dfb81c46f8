import { basename, resolve } from 'node:path';
import {
  type ApplyContext,
  attribute,
  changedAttributes,
  fill,
  hasUnknown,
  type ObjectValue,
  PluginError,
  type Resource,
  type Schema,
  UNKNOWN,
  type Value,
} from '@espejo/terraform-plugin';
import type { Client } from '../client/client.ts';
import type { AttachedFile, FileAttributes, FileRow } from '../client/rows.ts';
import { attachAndWait, failureWords } from '../files/attach-all.ts';
import { inParallel } from '../files/in-parallel.ts';
import { readLocalFile } from '../files/local-file.ts';
import { walkFolder } from '../files/walk-folder.ts';
import {
  chunkingAttribute,
  chunkingFault,
  chunkingOf,
  commonAttributesState,
  fileAttributes,
  fileAttributesOf,
  idAttribute,
  secondsOf,
  text,
  texts,
  waitTimeout,
} from './attributes.ts';
import { type ByPath, byPath, changeOf, plannedIds } from './directory-plan.ts';
import { refuseMirror } from './mirror.ts';

const UPLOADS_AT_ONCE = 8;
const HASHES_AT_ONCE = 8;
const FAILURES_SHOWN_MAX = 10;
const ATTRIBUTE_LENGTH_MAX = 512;

const directorySchema: Schema = {
  version: 1,
  description:
    'The files of a folder in a vector store, thousands in one state entry. The plan shows by path what is added, changed and removed. New content is searchable before the old content is removed. Files attached by something else are left alone.',
  attributes: {
    id: { ...idAttribute, description: '`vs_…/path`.' },
    vector_store_id: attribute.string({ required: true, forcesReplacement: true, description: 'The store.' }),
    path: attribute.string({
      required: true,
      description: 'The folder. Changing the path to one with the same files uploads nothing.',
    }),
    include: attribute.of(['list', 'string'], {
      optional: true,
      default: ['**'],
      description: 'Globs of the paths to include, relative to the folder: `**/*.md`.',
    }),
    exclude: attribute.of(['list', 'string'], {
      optional: true,
      default: [],
      description: 'Globs of the paths to exclude from those.',
    }),
    attributes: fileAttributes('For every file; changed in place.'),
    path_attribute: attribute.string({
      optional: true,
      description: 'The name of an attribute that is set to each file’s path, for search filters.',
    }),
    chunking_strategy: chunkingAttribute({ forcesReplacement: true, note: 'Of every file.' }),
    wait_timeout_seconds: waitTimeout,
    files: attribute.of(['map', 'string'], {
      computed: true,
      description: 'The SHA-256 of each file’s content, by path. A planned change here is a change at the server.',
    }),
    file_ids: attribute.of(['map', 'string'], { computed: true, description: 'The id of each file, by path.' }),
  },
};

export const vectorStoreDirectory: Resource<Client> = {
  schema: directorySchema,
  example: `
resource "openai_vector_store" "guides" {
  name = "Guides"
}

resource "openai_vector_store_directory" "guides" {
  vector_store_id = openai_vector_store.guides.id
  path            = "\${path.module}/guides"
  include         = ["**/*.md"]
  exclude         = ["drafts/**"]
  attributes      = { kind = "guide" }
  path_attribute  = "path"
}`,
  importExample:
    '# the store, a slash, and the folder; files are known by their names\nterraform import openai_vector_store_directory.guides vs_68e5a0c0b2c4/guides',

  validate(config) {
    const fault = chunkingFault(config.chunking_strategy);
    if (fault === undefined) return [];
    return [{ severity: 'error', summary: 'Invalid chunking_strategy', detail: fault, attribute: 'chunking_strategy' }];
  },

  async plan({ client, prior, planned, private: privateData, warn }) {
    if (['path', 'include', 'exclude'].some((name) => hasUnknown(planned[name] ?? null))) {
      return { planned: { ...planned, files: UNKNOWN, file_ids: UNKNOWN } };
    }
    const wanted = await hashFolder(planned);
    const present = byPath(prior?.files);
    const change = changeOf(present, wanted);
    const isReplaced =
      prior !== null &&
      (prior.vector_store_id !== planned.vector_store_id ||
        (changedAttributes(directorySchema, prior, planned).includes('chunking_strategy') &&
          !(privateData.isImported === true && prior.chunking_strategy === null)));
    const next: ObjectValue = {
      ...planned,
      files: wanted,
      file_ids:
        prior === null || isReplaced
          ? Object.fromEntries(Object.keys(wanted).map((path) => [path, UNKNOWN]))
          : plannedIds(byPath(prior.file_ids), wanted, change),
    };
    if (prior !== null && changedAttributes(directorySchema, prior, next).length === 0) return { planned: next };
    if (typeof planned.vector_store_id === 'string') await refuseMirror(await client(), planned.vector_store_id);
    const { added, changed, removed } = change;
    if (added.length + changed.length + removed.length > 0) {
      warn(
        `Folder ${text(planned.path)}: ${added.length} to add, ${changed.length} to change, ${removed.length} to remove`,
        [...lines('+', added), ...lines('~', changed), ...lines('-', removed)].join('\n'),
      );
    }
    const isUntold = privateData.isImported === true && prior?.chunking_strategy === null;
    return { planned: next, keptDespite: isUntold ? ['chunking_strategy'] : [], private: privateData };
  },

  planDelete: async ({ client, prior, warn }) => {
    await refuseMirror(await client(), prior.vector_store_id);
    const count = Object.keys(byPath(prior.file_ids)).length;
    if (count > 0)
      warn(
        `${count} files of ${text(prior.path)} will be deleted`,
        `They are deleted from vector store ${text(prior.vector_store_id)} and from the project.`,
      );
    return undefined;
  },

  create: (context, planned) => synchronise(context, planned, null),
  update: (context, planned, prior) => synchronise(context, planned, prior),

  async read({ client, private: privateData }, state) {
    const { openai } = await client();
    const storeId = String(state.vector_store_id);
    if ((await openai.findStore(storeId)) === undefined) return null;
    const attached = new Map<string, AttachedFile>();
    for await (const file of openai.storeFiles(storeId)) attached.set(file.id, file);
    if (state.files === null && privateData.isImported === true) {
      return readImported(await client(), attached, state);
    }
    const [files, ids] = [byPath(state.files), byPath(state.file_ids)];
    const kept = Object.entries(ids).filter(([, id]) => attached.has(id));
    return {
      ...state,
      attributes: sharedAttributes(
        kept.map(([path, id]) => [path, attached.get(id)]),
        state,
      ),
      files: Object.fromEntries(kept.map(([path]) => [path, files[path] ?? ''])),
      file_ids: Object.fromEntries(kept),
    };
  },

  async delete(context, prior) {
    const { openai } = await context.client();
    const storeId = String(prior.vector_store_id);
    const left = new Map(Object.entries(byPath(prior.file_ids)));
    const save = () => context.save({ ...prior, ...mapsOf(left, byPath(prior.files)) });
    await inParallel(UPLOADS_AT_ONCE, [...left], async ([path, fileId]) => {
      context.signal.throwIfAborted();
      await openai.detach(storeId, fileId);
      await openai.deleteFile(fileId);
      left.delete(path);
      save();
    });
  },

  importState(id) {
    const at = id.search(/[/:]/);
    const [storeId, path] = [id.slice(0, at), id.slice(at + 1)];
    if (at < 1 || path === '') {
      throw new PluginError('Invalid import id', `'${id}' is not of the form vs_…/path/of/the/folder.`);
    }
    return { id: `${storeId}/${path}`, vector_store_id: storeId, path };
  },
};

/** Applies the plan: first additions, then removals. The state is saved after every step. */
async function synchronise(
  context: ApplyContext<Client>,
  planned: ObjectValue,
  prior: ObjectValue | null,
): Promise<ObjectValue> {
  const client = await context.client();
  const { openai } = client;
  const storeId = String(planned.vector_store_id);
  await refuseMirror(client, storeId);
  const wanted = planned.files === UNKNOWN ? await hashFolder(planned) : byPath(planned.files);
  const files = new Map(Object.entries(byPath(prior?.files)));
  const ids = new Map(Object.entries(byPath(prior?.file_ids)));
  const id = prior === null ? `${storeId}/${text(planned.path)}` : String(prior.id);
  const stateNow = () =>
    fill(directorySchema, {
      ...planned,
      attributes: prior === null ? (planned.attributes ?? null) : (prior.attributes ?? null),
      id,
      files: Object.fromEntries(files),
      file_ids: Object.fromEntries(ids),
    });
  context.save(stateNow());
  const { added, changed, removed } = changeOf(Object.fromEntries(files), wanted);
  const goneLater = new Map(changed.map((path) => [path, ids.get(path) ?? '']));

  const uploaded = new Map<string, string>();
  const discard = async (paths: Iterable<string>) => {
    for (const path of paths) {
      const fileId = uploaded.get(path);
      if (fileId === undefined) continue;
      await openai.detach(storeId, fileId);
      await openai.deleteFile(fileId);
      uploaded.delete(path);
    }
  };
  const failures: string[] = [];
  try {
    await inParallel(UPLOADS_AT_ONCE, [...added, ...changed], async (path) => {
      context.signal.throwIfAborted();
      const local = await readLocalFile(resolve(String(planned.path), path), path, 'path');
      if (local.sha256 !== wanted[path]) {
        throw new PluginError('A file changed since the plan', `'${path}' has changed. Plan again.`, {
          attribute: 'path',
        });
      }
      const name = basename(path);
      const { row, keep } = await openai.uploadFile({
        ...local,
        filename: name,
        purpose: 'assistants',
        expiresAfterSeconds: null,
      });
      uploaded.set(path, row.id);
      context.onAnswered(keep);
    });
    const attached = await attachAndWait({
      client,
      signal: context.signal,
      storeId,
      timeoutSeconds: secondsOf(planned),
      files: [...uploaded].map(([path, fileId]) => ({
        fileId,
        attributes: attributesOf(planned, path),
        chunking: chunkingOf(planned.chunking_strategy),
      })),
    });
    const byId = new Map(attached.map((file) => [file.id, file]));
    for (const [path, fileId] of uploaded) {
      const file = byId.get(fileId);
      if (file?.status === 'completed') {
        files.set(path, wanted[path] ?? '');
        ids.set(path, fileId);
      } else failures.push(`${path}: ${file === undefined ? 'not attached' : failureWords(file)}`);
    }
    for (const [path, fileId] of uploaded) if (ids.get(path) === fileId) uploaded.delete(path);
  } finally {
    context.save(stateNow());
    // A file that is not in the state must not stay at the server.
    await discard([...uploaded.keys()]);
  }

  const gone = [...removed.map((path) => [path, ids.get(path) ?? ''] as const), ...goneLater];
  await inParallel(UPLOADS_AT_ONCE, gone, async ([path, fileId]) => {
    if (fileId === '' || (goneLater.has(path) && ids.get(path) === fileId)) return;
    await openai.detach(storeId, fileId);
    await openai.deleteFile(fileId);
    if (!goneLater.has(path)) {
      files.delete(path);
      ids.delete(path);
    }
    context.save(stateNow());
  });
  if (prior !== null && changedAttributes(directorySchema, prior, planned).some((name) => /attribute/.test(name))) {
    const isNew = new Set([...added, ...changed]);
    await inParallel(
      UPLOADS_AT_ONCE,
      [...ids].filter(([path]) => !isNew.has(path)),
      async ([path, fileId]) => {
        context.signal.throwIfAborted();
        await openai.updateAttributes(storeId, fileId, attributesOf(planned, path) ?? {});
      },
    );
  }
  if (failures.length > 0) {
    const shown = failures.slice(0, FAILURES_SHOWN_MAX);
    if (failures.length > shown.length) shown.push(`… and ${failures.length - shown.length} more`);
    if (prior === null) {
      shown.push(
        'Terraform marks a resource whose creation failed as tainted; terraform untaint keeps the ingested files.',
      );
    }
    throw new PluginError(
      failures.length === 1 ? 'A file failed to ingest' : `${failures.length} files failed to ingest`,
      `The other files are in vector store ${storeId}. These are not, and their uploads were deleted:\n${shown.join('\n')}`,
    );
  }
  return fill(directorySchema, { ...stateNow(), attributes: planned.attributes ?? null });
}

async function hashFolder(state: ObjectValue): Promise<ByPath> {
  const folder = String(state.path).replace(/\/+$/, '');
  const paths = walkFolder(folder, texts(state.include), texts(state.exclude));
  const hashes: Record<string, string> = {};
  await inParallel(HASHES_AT_ONCE, paths, async (path) => {
    hashes[path] = (await readLocalFile(resolve(folder, path), path, 'path')).sha256;
  });
  return Object.fromEntries(paths.map((path) => [path, hashes[path] ?? '']));
}

function attributesOf(state: ObjectValue, path: string): FileAttributes | null {
  const common = fileAttributesOf(state.attributes);
  const name = text(state.path_attribute);
  return name === null ? common : { ...common, [name]: path.slice(-ATTRIBUTE_LENGTH_MAX) };
}

/** The common attributes at the server, without the path attribute. */
function sharedAttributes(files: readonly (readonly [string, AttachedFile | undefined])[], state: ObjectValue): Value {
  const name = text(state.path_attribute);
  const remote = files.map(([path, file]) => {
    const attributes = { ...file?.attributes };
    if (name !== null && attributes[name] === path.slice(-ATTRIBUTE_LENGTH_MAX)) delete attributes[name];
    return attributes;
  });
  return commonAttributesState(remote, state.attributes);
}

/** An import matches files by the path attribute, else by name. The server returns no hashes, so a file of the same size counts as equal. */
async function readImported(
  { openai }: Client,
  attached: ReadonlyMap<string, AttachedFile>,
  state: ObjectValue,
): Promise<ObjectValue> {
  const folder = String(state.path).replace(/\/+$/, '');
  const files: Record<string, string> = {};
  const ids: Record<string, string> = {};
  const left = new Map<string, FileRow>();
  for await (const row of openai.files()) if (attached.has(row.id)) left.set(row.id, row);
  const take = (path: string): FileRow | undefined => {
    const rows = [...left.values()];
    const byAttribute = rows.find(({ id }) => Object.values(attached.get(id)?.attributes ?? {}).includes(path));
    const row = byAttribute ?? rows.find(({ filename }) => filename === path || filename === basename(path));
    if (row !== undefined) left.delete(row.id);
    return row;
  };
  for (const path of walkFolder(folder, texts(state.include), texts(state.exclude))) {
    const remote = take(path);
    if (remote === undefined) continue;
    const local = await readLocalFile(resolve(folder, path), path, 'path');
    files[path] = local.bytes === remote.bytes ? local.sha256 : '';
    ids[path] = remote.id;
  }
  const shared = sharedAttributes(
    Object.entries(ids).map(([path, id]) => [path, attached.get(id)]),
    state,
  );
  return fill(directorySchema, { ...state, attributes: shared, files, file_ids: ids });
}

function mapsOf(ids: ReadonlyMap<string, string>, files: ByPath): ObjectValue {
  return {
    files: Object.fromEntries([...ids.keys()].map((path) => [path, files[path] ?? ''])),
    file_ids: Object.fromEntries(ids),
  };
}

const LINES_SHOWN_MAX = 20;

function lines(sign: string, paths: readonly string[]): readonly string[] {
  const shown = paths.slice(0, LINES_SHOWN_MAX).map((path) => `${sign} ${path}`);
  return paths.length > shown.length ? [...shown, `${sign} … and ${paths.length - shown.length} more`] : shown;
}
