import type { Descriptor, Field } from './protobuf.ts';

/*
 * The used messages of Terraform's plugin protocol 6 (tfplugin6.Provider), by field number. Fields of
 * later minor versions are skipped when decoding and never sent.
 */

const str = (number: number): Field => ({ number, type: 'string' });
const bool = (number: number): Field => ({ number, type: 'bool' });
const int = (number: number): Field => ({ number, type: 'int64' });
const bytes = (number: number): Field => ({ number, type: 'bytes' });
const one = (number: number, type: () => Descriptor): Field => ({ number, type });
const many = (number: number, type: () => Descriptor): Field => ({ number, type, label: 'repeated' });
const map = (number: number, type: () => Descriptor): Field => ({ number, type, label: 'map' });

export const Empty: Descriptor = {};
const DynamicValue: Descriptor = { msgpack: bytes(1), json: bytes(2) };
const Step: Descriptor = { attributeName: str(1), elementKeyString: str(2), elementKeyInt: int(3) };
const AttributePath: Descriptor = { steps: many(1, () => Step) };
const Diagnostic: Descriptor = {
  severity: int(1),
  summary: str(2),
  detail: str(3),
  attribute: one(4, () => AttributePath),
};
const diagnostics = (number: number) => many(number, () => Diagnostic);
const value = (number: number) => one(number, () => DynamicValue);

const AttributeMessage: Descriptor = {
  name: str(1),
  type: bytes(2),
  description: str(3),
  required: bool(4),
  optional: bool(5),
  computed: bool(6),
  sensitive: bool(7),
  descriptionKind: int(8),
  deprecated: bool(9),
  nestedType: one(10, () => NestedType),
};
const NestedType: Descriptor = { attributes: many(1, () => AttributeMessage), nesting: int(3) };
const Block: Descriptor = {
  version: int(1),
  attributes: many(2, () => AttributeMessage),
  description: str(4),
  descriptionKind: int(5),
};
const SchemaMessage: Descriptor = { version: int(1), block: one(2, () => Block) };
const Capabilities: Descriptor = {
  planDestroy: bool(1),
  getProviderSchemaOptional: bool(2),
  moveResourceState: bool(3),
};
const Parameter: Descriptor = {
  name: str(1),
  type: bytes(2),
  allowNullValue: bool(3),
  allowUnknownValues: bool(4),
  description: str(5),
  descriptionKind: int(6),
};
const Return: Descriptor = { type: bytes(1) };
const FunctionMessage: Descriptor = {
  parameters: many(1, () => Parameter),
  variadicParameter: one(2, () => Parameter),
  return: one(3, () => Return),
  summary: str(4),
  description: str(5),
  descriptionKind: int(6),
};
const RawState: Descriptor = { json: bytes(1) };
const Imported: Descriptor = { typeName: str(1), state: value(2), private: bytes(3) };
const FunctionError: Descriptor = { text: str(1), functionArgument: { number: 2, type: 'int64' } };
const diagnosticsOnly: Descriptor = { diagnostics: diagnostics(1) };

export interface Method {
  readonly request: Descriptor;
  readonly response: Descriptor;
}

export const PROVIDER_METHODS = {
  GetMetadata: {
    request: Empty,
    response: { serverCapabilities: one(1, () => Capabilities), diagnostics: diagnostics(2) },
  },
  GetProviderSchema: {
    request: Empty,
    response: {
      provider: one(1, () => SchemaMessage),
      resourceSchemas: map(2, () => SchemaMessage),
      dataSourceSchemas: map(3, () => SchemaMessage),
      diagnostics: diagnostics(4),
      serverCapabilities: one(6, () => Capabilities),
      functions: map(7, () => FunctionMessage),
    },
  },
  ValidateProviderConfig: { request: { config: value(1) }, response: { diagnostics: diagnostics(2) } },
  ConfigureProvider: { request: { terraformVersion: str(1), config: value(2) }, response: diagnosticsOnly },
  ValidateResourceConfig: { request: { typeName: str(1), config: value(2) }, response: diagnosticsOnly },
  ValidateDataResourceConfig: { request: { typeName: str(1), config: value(2) }, response: diagnosticsOnly },
  UpgradeResourceState: {
    request: { typeName: str(1), version: int(2), rawState: one(3, () => RawState) },
    response: { upgradedState: value(1), diagnostics: diagnostics(2) },
  },
  ReadResource: {
    request: { typeName: str(1), currentState: value(2), private: bytes(3) },
    response: { newState: value(1), diagnostics: diagnostics(2), private: bytes(3) },
  },
  PlanResourceChange: {
    request: {
      typeName: str(1),
      priorState: value(2),
      proposedNewState: value(3),
      config: value(4),
      priorPrivate: bytes(5),
    },
    response: {
      plannedState: value(1),
      requiresReplace: many(2, () => AttributePath),
      plannedPrivate: bytes(3),
      diagnostics: diagnostics(4),
    },
  },
  ApplyResourceChange: {
    request: {
      typeName: str(1),
      priorState: value(2),
      plannedState: value(3),
      config: value(4),
      plannedPrivate: bytes(5),
    },
    response: { newState: value(1), private: bytes(2), diagnostics: diagnostics(3) },
  },
  ImportResourceState: {
    request: { typeName: str(1), id: str(2) },
    response: { importedResources: many(1, () => Imported), diagnostics: diagnostics(2) },
  },
  MoveResourceState: {
    request: {
      sourceProviderAddress: str(1),
      sourceTypeName: str(2),
      sourceSchemaVersion: int(3),
      sourceState: one(4, () => RawState),
      targetTypeName: str(5),
    },
    response: { targetState: value(1), diagnostics: diagnostics(2), targetPrivate: bytes(3) },
  },
  ReadDataSource: {
    request: { typeName: str(1), config: value(2) },
    response: { state: value(1), diagnostics: diagnostics(2) },
  },
  GetFunctions: {
    request: Empty,
    response: { functions: map(1, () => FunctionMessage), diagnostics: diagnostics(2) },
  },
  CallFunction: {
    request: { name: str(1), arguments: many(2, () => DynamicValue) },
    response: { result: value(1), error: one(2, () => FunctionError) },
  },
  StopProvider: { request: Empty, response: { error: str(1) } },
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof PROVIDER_METHODS;
