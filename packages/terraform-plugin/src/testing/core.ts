import { decodeValue, encodeValue } from '../cty/codec.ts';
import { hasUnknown, isObject, type ObjectValue } from '../cty/types.ts';
import { planFaults, resultFaults } from '../plan/core-rules.ts';
import { isChanged } from '../plan/plan-resource.ts';
import type { Provider } from '../provider.ts';
import { type Attributes, fill, isComputed, type Schema, typeOfAttributes } from '../schema/schema.ts';
import { createProviderService } from '../server/provider-service.ts';
import type { MethodName } from '../wire/messages.ts';
import { PROVIDER_METHODS } from '../wire/messages.ts';
import { decodeMessage, encodeMessage, type Message } from '../wire/protobuf.ts';

/*
 * An in-process model of Terraform's core: it plans, applies and refreshes single resources with
 * the real messages, and checks every response against core's rules.
 */

export interface CoreDiagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  readonly attribute: string | undefined;
}

export interface Planned {
  readonly state: ObjectValue | null;
  readonly replacedBy: readonly string[];
  readonly private: Uint8Array;
  readonly diagnostics: readonly CoreDiagnostic[];
  readonly isChange: boolean;
}

export interface Applied {
  readonly state: ObjectValue | null;
  readonly private: Uint8Array;
  readonly diagnostics: readonly CoreDiagnostic[];
}

export interface Kept {
  readonly state: ObjectValue;
  readonly private: Uint8Array;
}

/** A core with one configured provider. Violated rules throw. */
export async function startCore<Client>(provider: Provider<Client>, config: ObjectValue = {}) {
  const service = createProviderService(provider);
  /** Encodes and decodes both messages, like a real call. */
  const call = async (method: MethodName, request: Message): Promise<Message> => {
    const { request: requestType, response } = PROVIDER_METHODS[method];
    const received = decodeMessage(requestType, encodeMessage(requestType, request));
    return decodeMessage(response, encodeMessage(response, await service.handlers[method](received)));
  };
  const schemaOf = (type: string): Schema => {
    const schema = provider.resources[type]?.schema;
    if (schema === undefined) throw new Error(`No resource '${type}'.`);
    return schema;
  };
  const out = (schema: Schema, value: ObjectValue | null): Message => ({
    msgpack: encodeValue(typeOfAttributes(schema.attributes), value === null ? null : fill(schema, value)),
  });
  const back = (schema: Schema, value: Message | undefined): ObjectValue | null => {
    if (value === undefined) return null;
    const decoded = decodeValue(typeOfAttributes(schema.attributes), value.msgpack);
    return isObject(decoded) ? decoded : null;
  };

  async function plan(type: string, wanted: ObjectValue | null, kept: Kept | null): Promise<Planned> {
    const schema = schemaOf(type);
    const prior = kept?.state ?? null;
    const full = wanted === null ? null : fill(schema, wanted);
    const answer = await call('PlanResourceChange', {
      typeName: type,
      priorState: out(schema, prior),
      proposedNewState: out(schema, full === null ? null : propose(schema.attributes, prior, full)),
      config: out(schema, full),
      priorPrivate: kept?.private,
    });
    const state = back(schema, answer.plannedState);
    const diagnostics = diagnosticsOf(answer);
    if (state !== null && full !== null && !diagnostics.some(isError)) {
      holdRules(`Provider produced invalid plan for ${type}`, planFaults(schema, prior, full, state));
    }
    const replacedBy = (answer.requiresReplace as Message[]).map((path) => String(path.steps[0].attributeName));
    return {
      state,
      replacedBy,
      private: answer.plannedPrivate,
      diagnostics,
      isChange: state === null || prior === null ? state !== prior : isChanged(schema, prior, state),
    };
  }

  async function apply(
    type: string,
    wanted: ObjectValue | null,
    kept: Kept | null,
    planned: Planned,
  ): Promise<Applied> {
    const schema = schemaOf(type);
    const answer = await call('ApplyResourceChange', {
      typeName: type,
      priorState: out(schema, kept?.state ?? null),
      plannedState: out(schema, planned.state),
      config: out(schema, wanted),
      plannedPrivate: planned.private,
    });
    const state = back(schema, answer.newState);
    const diagnostics = diagnosticsOf(answer);
    if (state !== null && planned.state !== null && !diagnostics.some(isError)) {
      holdRules(`Provider produced inconsistent result for ${type}`, resultFaults(schema, planned.state, state));
    }
    return { state, private: answer.private, diagnostics };
  }

  const configured = await call('ConfigureProvider', {
    terraformVersion: '1.11.4',
    config: out(provider.schema, config),
  });
  holdRules(
    'The provider rejected its configuration',
    diagnosticsOf(configured)
      .filter(isError)
      .map(({ detail }) => detail),
  );

  return {
    call,
    plan,
    apply,
    /** Plans and applies, including a replacement. Throws error diagnostics. */
    async converge(type: string, wanted: ObjectValue | null, kept: Kept | null): Promise<Kept | null> {
      const planned = await plan(type, wanted, kept);
      throwErrors(planned.diagnostics);
      if (planned.replacedBy.length > 0 && kept !== null) {
        const gone = await plan(type, null, kept);
        throwErrors((await apply(type, null, kept, gone)).diagnostics);
        return this.converge(type, wanted, null);
      }
      const applied = await apply(type, wanted, kept, planned);
      throwErrors(applied.diagnostics);
      return applied.state === null ? null : { state: applied.state, private: applied.private };
    },
    async refresh(type: string, kept: Kept): Promise<Kept | null> {
      const schema = schemaOf(type);
      const answer = await call('ReadResource', {
        typeName: type,
        currentState: out(schema, kept.state),
        private: kept.private,
      });
      throwErrors(diagnosticsOf(answer));
      const state = back(schema, answer.newState);
      if (state !== null && hasUnknown(state)) throw new Error(`${type}: unknown after a read.`);
      return state === null ? null : { state, private: answer.private };
    },
    async import(type: string, id: string): Promise<Kept | null> {
      const schema = schemaOf(type);
      const answer = await call('ImportResourceState', { typeName: type, id });
      throwErrors(diagnosticsOf(answer));
      const [imported] = answer.importedResources as Message[];
      const state = back(schema, imported?.state);
      return state === null ? null : this.refresh(type, { state, private: imported?.private });
    },
    async upgrade(type: string, raw: unknown, version: number): Promise<ObjectValue | null> {
      const json = Buffer.from(JSON.stringify(raw));
      const answer = await call('UpgradeResourceState', { typeName: type, version, rawState: { json } });
      throwErrors(diagnosticsOf(answer));
      return back(schemaOf(type), answer.upgradedState);
    },
    async validate(type: string, wanted: ObjectValue): Promise<readonly CoreDiagnostic[]> {
      return diagnosticsOf(
        await call('ValidateResourceConfig', { typeName: type, config: out(schemaOf(type), wanted) }),
      );
    },
    async readData(type: string, wanted: ObjectValue): Promise<ObjectValue | null> {
      const schema = provider.dataSources[type]?.schema;
      if (schema === undefined) throw new Error(`No data source '${type}'.`);
      const answer = await call('ReadDataSource', { typeName: type, config: out(schema, wanted) });
      throwErrors(diagnosticsOf(answer));
      return back(schema, answer.state);
    },
    stop: () => call('StopProvider', {}),
    close: () => service.close(),
  };
}

/** Core's proposed state: the configuration, and the prior value of computed attributes that it does not set. */
function propose(attributes: Attributes, prior: ObjectValue | null, config: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const value = config[name] ?? null;
      const before = prior?.[name] ?? null;
      if (value === null) return [name, isComputed(attribute) ? before : null];
      const { nested } = attribute;
      if (nested?.nesting !== 'single' || !isObject(value)) return [name, value];
      return [name, propose(nested.attributes, isObject(before) ? before : null, value)];
    }),
  );
}

function diagnosticsOf(answer: Message): readonly CoreDiagnostic[] {
  return ((answer.diagnostics ?? []) as Message[]).map(({ severity, summary, detail, attribute }) => ({
    severity: severity === 1 ? 'error' : 'warning',
    summary,
    detail,
    attribute: attribute?.steps[0]?.attributeName,
  }));
}

const isError = ({ severity }: CoreDiagnostic) => severity === 'error';

function throwErrors(diagnostics: readonly CoreDiagnostic[]): void {
  const errors = diagnostics.filter(isError);
  if (errors.length > 0) throw new Error(errors.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n'));
}

function holdRules(summary: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`${summary}:\n${faults.join('\n')}`);
}
