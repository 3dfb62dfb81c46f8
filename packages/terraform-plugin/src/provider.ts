import type { CtyType, ObjectValue, Value } from './cty/types.ts';
import type { Diagnostic } from './diagnostics.ts';
import type { Schema } from './schema/schema.ts';

/** What every call of a resource is given. */
export interface CallContext<Client> {
  /** Made from the provider's configuration at the first call that needs it. Throws where that is not known yet. */
  client(): Promise<Client>;
  /** Aborted when the user stops the run (Ctrl-C): stop waiting, keep what was done, and throw. */
  readonly signal: AbortSignal;
  warn(summary: string, detail: string, attribute?: string): void;
}

export interface PlanContext<Client> extends CallContext<Client> {
  /** Null: the object is to be made. */
  readonly prior: ObjectValue | null;
  readonly config: ObjectValue;
  /** Filled in by the general rules; unknown where only apply can tell. */
  readonly planned: ObjectValue;
  /** Data of the resource that only the provider sees. */
  readonly private: PrivateData;
}

export interface ApplyContext<Client> extends CallContext<Client> {
  readonly private: PrivateData;
  /**
   * Says what is true by now. Should the call fail later on, this is what Terraform keeps: so call it as soon as the
   * object has an id, or nobody will know of it.
   */
  save(state: ObjectValue): void;
  /** Runs when the answer is made: from then on what was saved is Terraform's to keep. */
  onAnswered(work: () => void): void;
}

/** JSON that is kept with a resource's state and shown to nobody. */
export type PrivateData = Record<string, unknown>;

export interface PlanResult {
  readonly planned: ObjectValue;
  /** Root attributes for which a new object is made, beside those of the schema. */
  readonly replacedBy?: readonly string[] | undefined;
  /** Attributes of the schema that do not make a new object this time. */
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
  /** Rules of its own, over the plan that the general rules make. */
  plan?(context: PlanContext<Client>): Promise<PlanResult>;
  /** Looks at a planned end: throws to refuse it, warns of what it takes along. */
  planDelete?(
    context: CallContext<Client> & { readonly prior: ObjectValue; readonly private: PrivateData },
  ): Promise<PrivateData | undefined>;
  create(context: ApplyContext<Client>, planned: ObjectValue): Promise<ObjectValue>;
  /** Null: it is gone. */
  read(
    context: CallContext<Client> & { readonly private: PrivateData },
    state: ObjectValue,
  ): Promise<ObjectValue | null>;
  update(context: ApplyContext<Client>, planned: ObjectValue, prior: ObjectValue): Promise<ObjectValue>;
  delete(context: ApplyContext<Client>, prior: ObjectValue): Promise<void>;
  /** The parts of the state that an id says; it is read right afterwards. */
  importState(id: string): ObjectValue;
  /** State of an older version of the schema, or of another provider, as the attributes of this one. */
  upgrade?(raw: Readonly<Record<string, unknown>>, version: number): Readonly<Record<string, unknown>>;
}

export interface DataSource<Client> {
  readonly schema: Schema;
  readonly example: string;
  validate?(config: ObjectValue): readonly Diagnostic[];
  read(context: CallContext<Client>, config: ObjectValue): Promise<ObjectValue>;
}

/** A function that configurations call as `provider::name::function(…)`. It must give the same for the same. */
export interface PluginFunction {
  readonly summary: string;
  readonly description: string;
  readonly example: string;
  readonly parameters: readonly { readonly name: string; readonly type: CtyType; readonly description: string }[];
  readonly returns: CtyType;
  /** Throws PluginError for arguments it cannot take. */
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
  /** Called once, when something needs it. Values may be unknown at plan. */
  connect(config: ObjectValue, terraformVersion: string): Promise<Client>;
  /** Ends what was connected, in good order. */
  close?(client: Client): Promise<void>;
  /** Texts beside the sensitive attributes that no diagnostic and no log line may have. */
  secrets?(): readonly string[];
}
