import type { CtyType, ObjectValue, Value } from './cty/types.ts';
import type { Diagnostic } from './diagnostics.ts';
import type { Schema } from './schema/schema.ts';

/** The context of every call of a resource. */
export interface CallContext<Client> {
  /** Created from the provider's configuration at the first call that needs it. Throws if that is not known yet. */
  client(): Promise<Client>;
  /** Aborted when the user stops the run (Ctrl-C): stop waiting, keep what was done, and throw. */
  readonly signal: AbortSignal;
  warn(summary: string, detail: string, attribute?: string): void;
}

export interface PlanContext<Client> extends CallContext<Client> {
  /** Null: the object will be created. */
  readonly prior: ObjectValue | null;
  readonly config: ObjectValue;
  /** Filled in by the general rules; unknown where only apply determines the value. */
  readonly planned: ObjectValue;
  /** Private data of the resource. */
  readonly private: PrivateData;
}

export interface ApplyContext<Client> extends CallContext<Client> {
  readonly private: PrivateData;
  /**
   * Sets the current state. If the call fails later, Terraform stores this state: call it as soon as the
   * object has an id, or the object is lost.
   */
  save(state: ObjectValue): void;
  /** Runs when the response is built: from then on Terraform has the saved state. */
  onAnswered(work: () => void): void;
}

/** JSON that is stored with a resource's state and never shown. */
export type PrivateData = Record<string, unknown>;

export interface PlanResult {
  readonly planned: ObjectValue;
  /** Root attributes that force a replacement, in addition to those of the schema. */
  readonly replacedBy?: readonly string[] | undefined;
  /** Attributes of the schema that do not force a replacement this time. */
  readonly keptDespite?: readonly string[] | undefined;
  readonly private?: PrivateData | undefined;
}

/** A managed resource. States have every attribute of the schema. */
export interface Resource<Client> {
  readonly schema: Schema;
  /** A runnable configuration, for the docs. */
  readonly example: string;
  /** An import block or command with its id, for the docs. */
  readonly importExample: string;
  /** Checks across attributes; any part of the configuration may be unknown. */
  validate?(config: ObjectValue): readonly Diagnostic[];
  /** Resource-specific rules, applied to the plan of the general rules. */
  plan?(context: PlanContext<Client>): Promise<PlanResult>;
  /** Checks a planned deletion: throws to reject it, warns about what else is deleted. */
  planDelete?(
    context: CallContext<Client> & { readonly prior: ObjectValue; readonly private: PrivateData },
  ): Promise<PrivateData | undefined>;
  create(context: ApplyContext<Client>, planned: ObjectValue): Promise<ObjectValue>;
  /** Null: it no longer exists. */
  read(
    context: CallContext<Client> & { readonly private: PrivateData },
    state: ObjectValue,
  ): Promise<ObjectValue | null>;
  update(context: ApplyContext<Client>, planned: ObjectValue, prior: ObjectValue): Promise<ObjectValue>;
  delete(context: ApplyContext<Client>, prior: ObjectValue): Promise<void>;
  /** The parts of the state that an import id contains; the resource is read right afterwards. */
  importState(id: string): ObjectValue;
  /** Converts state of an older schema version, or of another provider. */
  upgrade?(raw: Readonly<Record<string, unknown>>, version: number): Readonly<Record<string, unknown>>;
}

export interface DataSource<Client> {
  readonly schema: Schema;
  readonly example: string;
  validate?(config: ObjectValue): readonly Diagnostic[];
  read(context: CallContext<Client>, config: ObjectValue): Promise<ObjectValue>;
}

/** A function that configurations call as `provider::name::function(…)`. It must be deterministic. */
export interface PluginFunction {
  readonly summary: string;
  readonly description: string;
  readonly example: string;
  readonly parameters: readonly { readonly name: string; readonly type: CtyType; readonly description: string }[];
  readonly returns: CtyType;
  /** Throws PluginError for invalid arguments. */
  call(values: readonly Value[]): Value;
}

export interface Provider<Client> {
  /** The type in its address and the prefix of its resources: `openai`. */
  readonly name: string;
  readonly schema: Schema;
  readonly example: string;
  readonly resources: Readonly<Record<string, Resource<Client>>>;
  readonly dataSources: Readonly<Record<string, DataSource<Client>>>;
  readonly functions: Readonly<Record<string, PluginFunction>>;
  /** Called once, at first use. Values may be unknown at plan. */
  connect(config: ObjectValue, terraformVersion: string): Promise<Client>;
  /** Closes the client. */
  close?(client: Client): Promise<void>;
  /** Texts, besides the sensitive attributes, that are redacted in diagnostics and logs. */
  secrets?(): readonly string[];
}
