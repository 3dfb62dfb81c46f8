import {
  type ApplyContext,
  attribute,
  type CallContext,
  changedAttributes,
  type Diagnostic,
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
import type { Store } from '../client/rows.ts';
import { attachAll } from '../files/attach-all.ts';
import {
  between,
  chunkingAttribute,
  chunkingFault,
  chunkingOf,
  countsState,
  fileCounts,
  idAttribute,
  metadataAttribute,
  oneOf,
  secondsOf,
  text,
  texts,
  waitTimeout,
} from './attributes.ts';
import { carryOutDeletion, planStoreDeletion } from './delete-store.ts';
import { mirrorRefusal } from './mirror.ts';

const DAY_S = 86_400;
const FILES_AT_CREATION_MAX = 500;

const vectorStoreSchema: Schema = {
  version: 1,
  description:
    'A vector store of an OpenAI project, of a compatible server, or of Espejo. Managing a mirror of Espejo fails at plan with the place to manage it.',
  attributes: {
    id: idAttribute,
    name: attribute.string({
      optional: true,
      description: 'Its name. Names are not unique. `null` clears it.',
      check: (value) => (String(value).length <= 256 ? undefined : 'A name has at most 256 characters.'),
    }),
    description: attribute.string({
      optional: true,
      description:
        'Its description. OpenAI cannot change it later, so a change replaces the store there; Espejo updates it in place.',
      check: (value) => (String(value).length <= 512 ? undefined : 'A description has at most 512 characters.'),
    }),
    metadata: metadataAttribute,
    expires_after: attribute.nested(
      'single',
      {
        anchor: attribute.string({
          optional: true,
          default: 'last_active_at',
          description:
            '`last_active_at`: counted from the last use. `now`: counted once, from the apply. Espejo stores that instant exactly; OpenAI does not support it, so it is converted to days after last use, and every use extends it.',
          check: oneOf('last_active_at', 'now'),
        }),
        days: attribute.number({ required: true, description: '1 to 365 days of 86,400 s.', check: between(1, 365) }),
      },
      { optional: true, description: 'When it expires. `null` means never.' },
    ),
    file_ids: attribute.of(['set', 'string'], {
      optional: true,
      description:
        'Files to attach, at most 500. Files added later are attached, removed ones are detached; files attached by others are left alone. For attributes, or more files, use `openai_vector_store_file` or `openai_vector_store_directory`.',
      check: (value) =>
        Array.isArray(value) && value.length > FILES_AT_CREATION_MAX ? 'It must have at most 500 files.' : undefined,
    }),
    chunking_strategy: chunkingAttribute({
      forcesReplacement: true,
      note: 'For the files in `file_ids`. The server does not return it, so after an import the configured value is used.',
    }),
    on_destroy: attribute.string({
      optional: true,
      default: 'delete',
      description:
        '`delete`: the store is deleted, its files stay. `cascade`: files that no other store contains are deleted too; the plan has their number. `abandon`: it is only removed from the state.',
      check: oneOf('delete', 'cascade', 'abandon'),
    }),
    deletion_protection: attribute.bool({
      optional: true,
      default: false,
      description: 'If true, a plan that would delete or replace the store fails.',
    }),
    wait_timeout_seconds: waitTimeout,
    status: attribute.string({
      computed: true,
      isVolatile: true,
      description: '`in_progress`, `completed` or `expired`.',
    }),
    created_at: attribute.number({ computed: true, description: 'When it was created, in unix seconds.' }),
    usage_bytes: attribute.number({ computed: true, isVolatile: true, description: 'Bytes that are billed.' }),
    file_counts: fileCounts,
    last_active_at: attribute.number({
      computed: true,
      isVolatile: true,
      description: 'Its last use, in unix seconds.',
    }),
    expires_at: attribute.number({
      computed: true,
      isVolatile: true,
      description: 'When it expires, in unix seconds; null: never.',
    }),
    source: attribute.string({
      computed: true,
      description: 'Espejo only: `primary`, or `cache` for a mirror. Null at other servers.',
    }),
  },
};

interface Expiry {
  readonly anchor: string;
  readonly days: number;
}

export const vectorStore: Resource<Client> = {
  schema: vectorStoreSchema,
  example: `
resource "openai_vector_store" "handbook" {
  name     = "Handbook"
  metadata = { team = "people" }

  expires_after = {
    days = 90
  }
}`,
  importExample: 'terraform import openai_vector_store.handbook vs_68e5a0c0b2c48191a1b2c3d4e5f60718',

  validate(config) {
    const fault = chunkingFault(config.chunking_strategy);
    if (fault === undefined) return [];
    return [
      { severity: 'error', summary: 'Invalid chunking_strategy', detail: fault, attribute: 'chunking_strategy' },
    ] satisfies Diagnostic[];
  },

  async plan({ client, prior, planned, private: privateData, warn }) {
    const next: Record<string, Value> = { ...planned };
    warnOfConversion(planned, prior, warn);
    if (prior === null) return { planned: next };
    const isOurs = prior.source !== null && prior.source !== UNKNOWN;
    const changedNames = changedAttributes(vectorStoreSchema, prior, planned);
    const isChanged = (name: string) => changedNames.includes(name);
    const replacedBy = !isOurs && isChanged('description') ? ['description'] : [];
    // The server never returns the chunking, so a missing one after an import is not a change.
    const keptDespite =
      privateData.isImported === true && prior.chunking_strategy === null ? ['chunking_strategy'] : [];
    const isReplaced = replacedBy.length > 0 || (isChanged('chunking_strategy') && keptDespite.length === 0);
    if (prior.source === 'cache') {
      const changed = changedNames.filter((name) => !LOCAL_ONLY.has(name));
      if (changed.length > 0 || privateData.isImported === true) {
        throw await mirrorRefusal(await client(), String(prior.id), changed[0] ?? 'name');
      }
      warn(
        'This vector store is a mirror',
        `${String(prior.id)} is a read-only copy of a store of an OpenAI project. Every change of it will be rejected. Remove it from the state (terraform state rm) and read it with data "openai_vector_store".`,
      );
    }
    if (isReplaced && prior.deletion_protection === true) throw protectedError(prior);
    return { planned: next, replacedBy, keptDespite, private: privateData };
  },

  async planDelete(context) {
    const { prior } = context;
    if (prior.deletion_protection === true) throw protectedError(prior);
    if (prior.on_destroy === 'abandon') return undefined;
    return planStoreDeletion(await context.client(), prior, context.warn);
  },

  async create(context, planned) {
    const client = await context.client();
    const expiry = expiryOf(planned);
    const { row, keep } = await client.openai.createStore({
      name: text(planned.name),
      description: text(planned.description),
      metadata: metadataOf(planned),
      expiresAfter: expiry === null ? null : { anchor: 'last_active_at', days: expiry.days },
    });
    context.onAnswered(keep);
    let store = row;
    const save = () => context.save(stateOf(store, { ...planned, file_ids: null }));
    save();
    if (expiry?.anchor === 'now') store = await setExpiry(client, store, expiry);
    save();
    const fileIds = texts(planned.file_ids);
    if (fileIds.length > 0) {
      await attachFiles(context, client, store.id, planned, fileIds, []);
      store = (await client.openai.findStore(store.id)) ?? store;
    }
    return stateOf(store, planned);
  },

  async read({ client: connect }, state) {
    const client = await connect();
    const id = String(state.id);
    const store = await client.openai.findStore(id);
    if (store === undefined) return null;
    return stateOf(store, {
      ...state,
      name: sameText(store.name, state.name),
      description: sameText(store.description ?? null, state.description),
      metadata: sameMap(store.metadata, state.metadata),
      expires_after: readExpiry(store, state),
      file_ids: await attachedOf(client, id, state.file_ids),
    });
  },

  async update(context, planned, prior) {
    const client = await context.client();
    const id = String(prior.id);
    const changedNames = changedAttributes(vectorStoreSchema, prior, planned);
    const isChanged = (name: string) => changedNames.includes(name);
    const expiry = expiryOf(planned);
    const edit = {
      ...(isChanged('name') && { name: text(planned.name) }),
      ...(isChanged('metadata') && { metadata: metadataOf(planned) ?? {} }),
      ...(isChanged('expires_after') &&
        expiry?.anchor !== 'now' && {
          expires_after: expiry === null ? null : { anchor: 'last_active_at', days: expiry.days },
        }),
    };
    let store =
      Object.keys(edit).length > 0 ? await client.openai.updateStore(id, edit) : await client.openai.findStore(id);
    if (store === undefined) throw new PluginError('Not found', `Vector store ${id} is gone. Plan again.`);
    const saved: Record<string, Value> = { ...prior, name: planned.name ?? null, metadata: planned.metadata ?? null };
    const save = () => context.save(stateOf(store as Store, saved));
    if (isChanged('description')) {
      await client.espejo.changeStore(id, { description: text(planned.description) });
      saved.description = planned.description ?? null;
    }
    if (isChanged('expires_after')) {
      if (expiry?.anchor === 'now') store = await setExpiry(client, store, expiry);
      saved.expires_after = planned.expires_after ?? null;
    }
    save();
    if (isChanged('file_ids')) {
      await attachFiles(context, client, id, planned, texts(planned.file_ids), texts(prior.file_ids));
    }
    store = (await client.openai.findStore(id)) ?? store;
    return stateOf(store, planned);
  },

  async delete(context, prior) {
    if (prior.on_destroy === 'abandon') return;
    if (prior.deletion_protection === true) throw protectedError(prior);
    await carryOutDeletion(await context.client(), prior, context);
  },

  importState(id) {
    if (!/^[\w.:-]+$/.test(id)) throw new PluginError('Invalid import id', `'${id}' is not a vector store id.`);
    return { id };
  },

  upgrade: (raw) => raw,
};

/** Attributes that exist only in the state; changing them sends no request. */
const LOCAL_ONLY = new Set(['on_destroy', 'deletion_protection', 'wait_timeout_seconds']);

function protectedError(prior: ObjectValue): PluginError {
  return new PluginError(
    'The vector store is protected',
    `${String(prior.name ?? prior.id)} (${String(prior.id)}) has deletion_protection = true. Set it to false and apply that first.`,
    { attribute: 'deletion_protection' },
  );
}

function metadataOf(state: ObjectValue): Record<string, string> | null {
  return isObject(state.metadata) ? (state.metadata as unknown as Record<string, string>) : null;
}

function expiryOf(state: ObjectValue): Expiry | null {
  const value = state.expires_after;
  return isObject(value) ? { anchor: String(value.anchor), days: Number(value.days) } : null;
}

function warnOfConversion(planned: ObjectValue, prior: ObjectValue | null, warn: CallContext<Client>['warn']): void {
  const expiry = expiryOf(planned);
  if (expiry?.anchor !== 'now' || (prior?.source ?? null) !== null) return;
  if (prior !== null && !changedAttributes(vectorStoreSchema, prior, planned).includes('expires_after')) return;
  warn(
    'expires_after counts from now',
    `At Espejo the store expires ${expiry.days} days after the apply. OpenAI does not support that: there it becomes ${expiry.days} days after last use, and every use extends it.`,
    'expires_after',
  );
}

/** Sets the expiry of a declaration: exactly at Espejo, in OpenAI's form elsewhere. */
async function setExpiry(client: Client, store: Store, expiry: Expiry): Promise<Store> {
  if (store.source === undefined) {
    return client.openai.updateStore(store.id, { expires_after: { anchor: 'last_active_at', days: expiry.days } });
  }
  const instantS = client.openai.http.serverNowS() + expiry.days * DAY_S;
  await client.espejo.changeStore(store.id, { expiryPolicy: { kind: 'at', instantS } });
  return (await client.openai.findStore(store.id)) ?? store;
}

/** The current policy. At Espejo one counted from now is only visible as an expiry time, elsewhere in OpenAI's form. */
function readExpiry(store: Store, state: ObjectValue): Value {
  const known = expiryOf(state);
  const remote = store.expires_after ?? null;
  if (known?.anchor === 'now') {
    if (remote === null) {
      const isSame = store.source !== undefined && (store.expires_at ?? null) === (state.expires_at ?? null);
      return isSame ? (state.expires_after ?? null) : null;
    }
    if (store.source === undefined && remote.days === known.days) return state.expires_after ?? null;
  }
  return remote === null ? null : { anchor: remote.anchor, days: remote.days };
}

/** The files that this resource attached and that are still attached. */
async function attachedOf(client: Client, id: string, known: Value | undefined): Promise<Value> {
  const wanted = texts(known);
  if (wanted.length === 0) return known ?? null;
  const attached = new Set<string>();
  for await (const file of client.openai.storeFiles(id)) attached.add(file.id);
  return wanted.filter((fileId) => attached.has(fileId));
}

async function attachFiles(
  context: ApplyContext<Client>,
  client: Client,
  storeId: string,
  planned: ObjectValue,
  wanted: readonly string[],
  present: readonly string[],
): Promise<void> {
  const isWanted = new Set(wanted);
  const isPresent = new Set(present);
  const added = wanted.filter((fileId) => !isPresent.has(fileId));
  await attachAll({
    client,
    signal: context.signal,
    storeId,
    timeoutSeconds: secondsOf(planned),
    files: added.map((fileId) => ({ fileId, attributes: null, chunking: chunkingOf(planned.chunking_strategy) })),
  });
  for (const fileId of present.filter((id) => !isWanted.has(id))) await client.openai.detach(storeId, fileId);
}

/** OpenAI returns `""` or null for an empty text; the state keeps the one it has. */
function sameText(remote: string | null, known: Value | undefined): Value {
  return (remote ?? '') === (known ?? '') ? (known ?? null) : remote;
}

function sameMap(remote: Readonly<Record<string, string>> | null, known: Value | undefined): Value {
  const isEmpty = Object.keys(remote ?? {}).length === 0;
  if (isEmpty && (known === null || known === undefined)) return null;
  return remote ?? {};
}

function stateOf(store: Store, base: ObjectValue): ObjectValue {
  return fill(vectorStoreSchema, {
    ...base,
    id: store.id,
    status: store.status,
    created_at: store.created_at,
    usage_bytes: store.usage_bytes,
    file_counts: countsState(store.file_counts),
    last_active_at: store.last_active_at ?? null,
    expires_at: store.expires_at ?? null,
    source: store.source ?? null,
  });
}
