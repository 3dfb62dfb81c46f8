import { AppError } from '../errors.ts';
import { ACTIONS, type Action } from './actions.ts';
import { isRoleAtLeast, type Role } from './roles.ts';

/** Who acts, and from where: what the audit log records. */
export interface Who {
  readonly tenantId: string;
  /** The name in the audit log. */
  readonly actor: string;
  /** Null: no request; a job acts. */
  readonly requestId: string | null;
  /** Network address of the request. */
  readonly address: string | null;
}

/** An authenticated user, key or console, with its permissions. */
export interface Principal extends Who {
  /** A user at the console, not a program. */
  readonly isPerson: boolean;
  readonly role: Role;
  /** The actions of its role that a key is limited to. Null: all of them. */
  readonly actions: readonly Action[] | null;
  /** The stores that a key is limited to. Null: all of the tenant's. */
  readonly storeIds: readonly string[] | null;
  /** A higher role in single stores, by their ids. */
  readonly grants: Readonly<Record<string, Role>>;
  /** When a key expires. Null: never, or no key. */
  readonly endsAtMs: number | null;
}

/** A principal without the details of its request. */
export type Identity = Omit<Principal, 'requestId' | 'address'>;

declare const PROOF: unique symbol;

/**
 * Proof that a principal may do an action of these kinds. A function that changes something takes one, and only
 * `authorize` and `asSystem` make them: a call without the check does not compile.
 */
export interface Authorized<A extends Action = Action> extends Who {
  /** The stores within reach: other ids in a request are looked up within them (see `services/lookup`). Null: all. */
  readonly storeIds: readonly string[] | null;
  // A parameter, so that a proof of more actions is accepted where fewer are needed, and never the other way round.
  readonly [PROOF]: (act: A) => void;
}

declare const OPERATOR: unique symbol;

/**
 * Proof that an operator of the installation acts: functions that concern no single tenant, such as plans and tenants,
 * take it. The action is recorded in the operators' tenant, whatever the user's current tenant is.
 */
export interface ByOperator extends Authorized<'own'> {
  readonly [OPERATOR]: true;
}

/** A single action as it is. A union gives no proof, because only one of its actions was checked. */
type Single<A, All = A> = A extends unknown ? ([All] extends [A] ? A : never) : never;

/** The store of the action. Absent: the action concerns the tenant. */
export interface Resource {
  readonly storeId?: string | undefined;
  /** The response is narrowed to the stores within reach. */
  readonly isNarrowed?: boolean | undefined;
}

/**
 * Checks that a principal may do an action, in one store or in the whole tenant. Throws `scope_insufficient` when the
 * scopes of a key do not allow it, and `role_insufficient` when the role does not. It does not report a store out of
 * reach: callers of `reachesStore` answer not found, as for a store that does not exist.
 */
export function authorize<A extends Action>(
  principal: Principal,
  action: A,
  resource: Resource = {},
): Authorized<Single<A>> {
  const { actions, storeIds, role, grants } = principal;
  if (actions !== null && !actions.includes(action)) {
    throw new AppError('scope_insufficient', `This key may not '${action}'. It is limited to: ${actions.join(', ')}.`, {
      details: { needed: action, actions },
    });
  }
  if (storeIds !== null && resource.storeId === undefined && resource.isNarrowed !== true) {
    throw new AppError(
      'scope_insufficient',
      'This key is limited to single vector stores. Name one of them in the request.',
      {
        details: { needed: action, storeIds },
      },
    );
  }
  const needed = ACTIONS[action];
  const granted = resource.storeId === undefined ? undefined : ownValue(grants, resource.storeId);
  if (!isRoleAtLeast(role, needed) && (granted === undefined || !isRoleAtLeast(granted, needed))) {
    throw new AppError('role_insufficient', `Your role is '${role}'. This request needs the role '${needed}'.`, {
      details: { role, needed },
    });
  }
  return prove<Single<A>>(principal);
}

/**
 * Whether a principal can see a store at all. If not, the answer must be the same as for a store that does not exist.
 */
export function reachesStore({ storeIds }: Pick<Principal, 'storeIds'>, storeId: string): boolean {
  return storeIds === null || storeIds.includes(storeId);
}

/** For work without a request: jobs, recovery at start, tests. */
export function asSystem(tenantId: string, actor: string): Authorized<Action> {
  return prove<Action>({ tenantId, actor, requestId: null, address: null, storeIds: null });
}

/**
 * For a principal that was found to be an operator, in the operators' tenant. Called only by the admission of requests,
 * and by tests.
 */
export function asOperator(who: Who): ByOperator {
  return prove<'own'>({ ...who, storeIds: null }) as ByOperator;
}

function prove<A extends Action>({
  tenantId,
  actor,
  requestId,
  address,
  storeIds,
}: Who & Pick<Principal, 'storeIds'>): Authorized<A> {
  return { tenantId, actor, requestId, address, storeIds } as Authorized<A>;
}

function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
