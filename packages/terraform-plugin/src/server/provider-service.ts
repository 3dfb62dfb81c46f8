import { decodeValue, encodeValue } from '../cty/codec.ts';
import { fromRawState } from '../cty/raw-state.ts';
import { isObject, type ObjectValue, type Value } from '../cty/types.ts';
import { type Diagnostic, errorDiagnostic, PluginError, toMessages } from '../diagnostics.ts';
import {
  changedAttributes,
  isChanged,
  known,
  markVolatile,
  replacingAttributes,
  settle,
  startPlan,
} from '../plan/plan-resource.ts';
import type { ApplyContext, CallContext, DataSource, PrivateData, Provider, Resource } from '../provider.ts';
import { fill, type Schema, typeOfAttributes } from '../schema/schema.ts';
import { schemaToMessage } from '../schema/to-message.ts';
import { checkAttributes } from '../schema/validate.ts';
import type { MethodName } from '../wire/messages.ts';
import type { Message } from '../wire/protobuf.ts';
import { createRedactor } from './redact.ts';

const MARKDOWN = 1;
const CAPABILITIES = { planDestroy: true, getProviderSchemaOptional: true, moveResourceState: true };

export type Handlers = Record<MethodName, (request: Message) => Promise<Message>>;

export interface ProviderService {
  readonly handlers: Handlers;
  /** Aborts waiting calls, as StopProvider does, and closes the client. */
  close(): Promise<void>;
  redact(text: string): string;
}

/** The provider's implementation of every call, without the transport. */
export function createProviderService<Client>(provider: Provider<Client>): ProviderService {
  const stopping = new AbortController();
  const redactor = createRedactor();
  let configured: { readonly config: ObjectValue; readonly version: string } | undefined;
  let connection: Promise<Client> | undefined;

  const connect = (): Promise<Client> => {
    if (configured === undefined)
      throw new PluginError('The provider is not configured', 'Core sent no configuration.');
    connection ??= provider.connect(configured.config, configured.version);
    redactor.add(provider.secrets?.() ?? []);
    return connection.then((client) => {
      redactor.add(provider.secrets?.() ?? []);
      return client;
    });
  };
  const resourceOf = (typeName: string): Resource<Client> => {
    const resource = provider.resources[typeName];
    if (resource === undefined) throw new PluginError('Unknown resource type', `There is no '${typeName}' here.`);
    return resource;
  };
  const dataSourceOf = (typeName: string): DataSource<Client> => {
    const source = provider.dataSources[typeName];
    if (source === undefined) throw new PluginError('Unknown data source', `There is no '${typeName}' here.`);
    return source;
  };
  const callContext = (diagnostics: Diagnostic[]): CallContext<Client> => ({
    client: connect,
    signal: stopping.signal,
    warn: (summary, detail, attribute) => diagnostics.push({ severity: 'warning', summary, detail, attribute }),
  });
  /** Runs a call; a thrown error becomes a diagnostic, and the response built until then is kept. */
  const answering = async (work: (answer: Message, diagnostics: Diagnostic[]) => Promise<void>): Promise<Message> => {
    const answer: Message = {};
    const diagnostics: Diagnostic[] = [];
    try {
      await work(answer, diagnostics);
    } catch (cause) {
      diagnostics.push(errorDiagnostic(cause));
    }
    return { ...answer, diagnostics: toMessages(diagnostics, redactor.redact) };
  };

  const handlers: Handlers = {
    GetMetadata: async () => ({ serverCapabilities: CAPABILITIES }),
    GetProviderSchema: async () => ({
      provider: schemaToMessage(provider.schema),
      resourceSchemas: mapValues(provider.resources, ({ schema }) => schemaToMessage(schema)),
      dataSourceSchemas: mapValues(provider.dataSources, ({ schema }) => schemaToMessage(schema)),
      functions: functionsMessage(provider),
      serverCapabilities: CAPABILITIES,
    }),
    ValidateProviderConfig: (request) =>
      answering(async (_answer, diagnostics) => {
        const config = decodeObject(provider.schema, request.config);
        redactor.add(sensitiveValues(provider.schema, config));
        diagnostics.push(...checkAttributes(provider.schema.attributes, config));
      }),
    ConfigureProvider: (request) =>
      answering(async () => {
        const config = decodeObject(provider.schema, request.config);
        redactor.add(sensitiveValues(provider.schema, config));
        configured = { config, version: request.terraformVersion };
      }),
    ValidateResourceConfig: (request) =>
      answering(async (_answer, diagnostics) => {
        const resource = resourceOf(request.typeName);
        const config = decodeObject(resource.schema, request.config);
        diagnostics.push(
          ...checkAttributes(resource.schema.attributes, config),
          ...(resource.validate?.(config) ?? []),
        );
      }),
    ValidateDataResourceConfig: (request) =>
      answering(async (_answer, diagnostics) => {
        const source = dataSourceOf(request.typeName);
        const config = decodeObject(source.schema, request.config);
        diagnostics.push(...checkAttributes(source.schema.attributes, config), ...(source.validate?.(config) ?? []));
      }),
    UpgradeResourceState: (request) =>
      answering(async (answer) => {
        const resource = resourceOf(request.typeName);
        const raw = JSON.parse(Buffer.from(request.rawState.json).toString('utf8')) as Record<string, unknown>;
        answer.upgradedState = encodeState(resource.schema, upgraded(resource, raw, request.version));
      }),
    MoveResourceState: (request) =>
      answering(async (answer) => {
        const resource = resourceOf(request.targetTypeName);
        if (request.sourceTypeName !== request.targetTypeName) {
          throw new PluginError(
            'This move is not supported',
            `State of '${request.sourceTypeName}' cannot become '${request.targetTypeName}'; only the same resource type of another provider can.`,
          );
        }
        const raw = JSON.parse(Buffer.from(request.sourceState.json).toString('utf8')) as Record<string, unknown>;
        answer.targetState = encodeState(resource.schema, upgraded(resource, raw, 0));
      }),
    ReadResource: (request) =>
      answering(async (answer, diagnostics) => {
        const resource = resourceOf(request.typeName);
        const state = decodeObject(resource.schema, request.currentState);
        answer.newState = request.currentState;
        answer.private = request.private;
        const next = await resource.read(
          { ...callContext(diagnostics), private: decodePrivate(request.private) },
          state,
        );
        answer.newState = encodeState(resource.schema, next);
      }),
    PlanResourceChange: (request) =>
      answering(async (answer, diagnostics) => {
        const resource = resourceOf(request.typeName);
        const { schema } = resource;
        const prior = decodeNullable(schema, request.priorState);
        const proposed = decodeNullable(schema, request.proposedNewState);
        const privateData = decodePrivate(request.priorPrivate);
        const context = callContext(diagnostics);
        answer.plannedState = request.proposedNewState;
        answer.plannedPrivate = request.priorPrivate;
        if (proposed === null) {
          if (prior === null || resource.planDelete === undefined) return;
          const kept = await resource.planDelete({ ...context, prior, private: privateData });
          answer.plannedPrivate = encodePrivate(kept ?? privateData);
          return;
        }
        const config = decodeObject(schema, request.config);
        const started = startPlan(schema, prior, proposed, config);
        const result = (await resource.plan?.({
          ...context,
          prior,
          config,
          planned: started,
          private: privateData,
        })) ?? {
          planned: started,
        };
        const planned = prior === null ? result.planned : markVolatile(schema, prior, result.planned);
        answer.plannedState = encodeState(schema, planned);
        answer.plannedPrivate = encodePrivate(result.private ?? privateData);
        if (prior === null) return;
        const changed = changedAttributes(schema, prior, planned);
        const replacing = new Set([...replacingAttributes(schema, prior, planned), ...(result.replacedBy ?? [])]);
        for (const name of result.keptDespite ?? []) replacing.delete(name);
        const paths = [...replacing].filter((name) => changed.includes(name));
        answer.requiresReplace = paths.map((name) => ({ steps: [{ attributeName: name }] }));
      }),
    ApplyResourceChange: (request) => applyChange(request),
    ImportResourceState: (request) =>
      answering(async (answer) => {
        const resource = resourceOf(request.typeName);
        const state = fill(resource.schema, { ...defaultsOf(resource.schema), ...resource.importState(request.id) });
        answer.importedResources = [
          {
            typeName: request.typeName,
            state: encodeState(resource.schema, state),
            private: encodePrivate({ isImported: true }),
          },
        ];
      }),
    ReadDataSource: (request) =>
      answering(async (answer, diagnostics) => {
        const source = dataSourceOf(request.typeName);
        const config = decodeObject(source.schema, request.config);
        const withDefaults = fill(source.schema, { ...defaultsOf(source.schema), ...withoutNulls(config) });
        const state = await source.read(callContext(diagnostics), withDefaults);
        answer.state = encodeState(source.schema, fill(source.schema, state));
      }),
    GetFunctions: async () => ({ functions: functionsMessage(provider) }),
    CallFunction: async (request) => callFunction(provider, request),
    StopProvider: async () => {
      stopping.abort(new PluginError('Stopped', 'The run was stopped. What was done until then is in the state.'));
      return {};
    },
  };

  /**
   * Applies one change. After any error the response has the current state, because a response without it would
   * lose the created object.
   */
  async function applyChange(request: Message): Promise<Message> {
    const diagnostics: Diagnostic[] = [];
    let saved: ObjectValue | null = null;
    let schema: Schema | undefined;
    let privateData: PrivateData = {};
    const answered: (() => void)[] = [];
    try {
      const resource = resourceOf(request.typeName);
      schema = resource.schema;
      const prior = decodeNullable(schema, request.priorState);
      saved = prior;
      const planned = decodeNullable(schema, request.plannedState);
      privateData = decodePrivate(request.plannedPrivate);
      const context: ApplyContext<Client> = {
        ...callContext(diagnostics),
        private: privateData,
        save: (state) => {
          saved = state;
        },
        onAnswered: (work) => answered.push(work),
      };
      if (planned === null) {
        if (prior !== null) await resource.delete(context, prior);
        saved = null;
      } else {
        const values =
          prior === null
            ? await resource.create(context, planned)
            : isChanged(schema, prior, planned)
              ? await resource.update(context, planned, prior)
              : prior;
        // The object exists now: the following code must not lose it.
        saved = values;
        saved = settle(planned, values);
      }
    } catch (cause) {
      diagnostics.push(errorDiagnostic(cause));
    }
    const messages = () => toMessages(diagnostics, redactor.redact);
    if (schema === undefined) return { newState: request.priorState, diagnostics: messages() };
    delete privateData.isImported;
    try {
      const newState = encodeState(schema, saved === null ? null : (known(saved) as ObjectValue));
      for (const work of answered) work();
      return { newState, private: encodePrivate(privateData), diagnostics: messages() };
    } catch (cause) {
      diagnostics.push(errorDiagnostic(cause));
      const stub = saved === null ? null : lastResort(schema, saved);
      return { newState: encodeState(schema, stub), diagnostics: messages() };
    }
  }

  return {
    handlers,
    redact: redactor.redact,
    async close() {
      stopping.abort(new PluginError('Stopped', 'The provider was stopped.'));
      if (connection === undefined) return;
      await connection.then((client) => provider.close?.(client)).catch(() => undefined);
    },
  };
}

/** The strings of a state that cannot be encoded, so that at least its id is kept. */
function lastResort(schema: Schema, state: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.entries(schema.attributes).map(([name, { type }]) => {
      const value = state[name];
      return [name, type === 'string' && typeof value === 'string' ? value : null];
    }),
  );
}

function upgraded<Client>(resource: Resource<Client>, raw: Record<string, unknown>, version: number): ObjectValue {
  const { schema } = resource;
  const current =
    version === schema.version
      ? raw
      : { ...defaultsOf(schema), ...withoutNulls(resource.upgrade?.(raw, version) ?? raw) };
  return fromRawState(typeOfAttributes(schema.attributes), current) as ObjectValue;
}

function withoutNulls<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function defaultsOf(schema: Schema): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(schema.attributes).flatMap(([name, attribute]) =>
      attribute.default === undefined ? [] : [[name, attribute.default]],
    ),
  );
}

function sensitiveValues(schema: Schema, config: ObjectValue): readonly string[] {
  return Object.entries(schema.attributes).flatMap(([name, { sensitive }]) => {
    const value = config[name];
    return sensitive === true && typeof value === 'string' ? [value] : [];
  });
}

function decodeNullable(schema: Schema, value: Message | undefined): ObjectValue | null {
  const type = typeOfAttributes(schema.attributes);
  if (value === undefined) return null;
  const decoded =
    value.msgpack.length > 0 ? decodeValue(type, value.msgpack) : fromRawState(type, parseJson(value.json));
  if (decoded === null) return null;
  if (!isObject(decoded)) throw new PluginError('Unexpected value', 'Core did not send an object.');
  return decoded;
}

function decodeObject(schema: Schema, value: Message | undefined): ObjectValue {
  return decodeNullable(schema, value) ?? fill(schema, {});
}

function encodeState(schema: Schema, state: ObjectValue | null): Message {
  return { msgpack: encodeValue(typeOfAttributes(schema.attributes), state) };
}

function parseJson(bytes: Uint8Array): unknown {
  return bytes.length === 0 ? null : JSON.parse(Buffer.from(bytes).toString('utf8'));
}

function decodePrivate(bytes: Uint8Array): PrivateData {
  const value = parseJson(bytes);
  return typeof value === 'object' && value !== null ? { ...(value as PrivateData) } : {};
}

function encodePrivate(data: PrivateData): Uint8Array {
  return Object.keys(data).length === 0 ? new Uint8Array() : Buffer.from(JSON.stringify(data));
}

function functionsMessage<Client>(provider: Provider<Client>) {
  return mapValues(provider.functions, ({ parameters, returns, summary, description }) => ({
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      type: Buffer.from(JSON.stringify(parameter.type)),
      description: parameter.description,
      descriptionKind: MARKDOWN,
    })),
    return: { type: Buffer.from(JSON.stringify(returns)) },
    summary,
    description,
    descriptionKind: MARKDOWN,
  }));
}

function callFunction<Client>(provider: Provider<Client>, request: Message): Message {
  const called = provider.functions[request.name];
  if (called === undefined) return { error: { text: `There is no function '${request.name}'.` } };
  try {
    const values = called.parameters.map(({ type }, index) => {
      const argument = request.arguments[index] as Message;
      return argument.msgpack.length > 0
        ? decodeValue(type, argument.msgpack)
        : fromRawState(type, parseJson(argument.json));
    });
    const result = called.call(values);
    return { result: { msgpack: encodeValue(called.returns, result) } };
  } catch (cause) {
    return { error: { text: cause instanceof PluginError ? cause.detail : errorDiagnostic(cause).detail } };
  }
}

function mapValues<T, R>(values: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
