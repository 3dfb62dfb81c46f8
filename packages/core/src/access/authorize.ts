import { AppError } from '../errors.ts';
import { ACTIONS, type Action } from './actions.ts';
import { isRoleAtLeast, type Role } from './roles.ts';

/** Whose doing something is, and where from: what the audit writes down of it. */
export interface Who {
  readonly tenantId: string;
  /** As the audit names them. */
  readonly actor: string;
  /** Null: no request; a job's own doing. */
  readonly requestId: string | null;
  /** Network address the request came from. */
  readonly address: string | null;
}

/** Somebody who has shown who they are, and what they may do. */
export interface Principal extends Who {
  /** A person at the console, and no program. */
  readonly isPerson: boolean;
  readonly role: Role;
  /** A key may be held to some actions of its role. Null: all of them. */
  readonly actions: readonly Action[] | null;
  /** A key may be held to some stores. Null: all of the tenant's. */
  readonly storeIds: readonly string[] | null;
  /** A higher role in single stores, by their ids. */
  readonly grants: Readonly<Record<string, Role>>;
  /** When a key stops working by itself. Null: never, or no key. */
  readonly endsAtMs: number | null;
}

/** A principal before it is known which request it asks with. */
export type Identity = Omit<Principal, 'requestId' | 'address'>;

declare const PROOF: unique symbol;

/**
 * Proof that somebody may do an act of these kinds. A verb that changes something takes one, and only `authorize` and
 * `asSystem` make them: a verb called without the check does not compile.
 */
export interface Authorized<A extends Action = Action> extends Who {
  /** The stores it reaches: what else a request names by id is found within them (see `services/lookup`). Null: all. */
  readonly storeIds: readonly string[] | null;
  // A parameter, so that a proof of more acts serves where fewer are asked for, and never the other way round.
  readonly [PROOF]: (act: A) => void;
}

declare const OPERATOR: unique symbol;

/**
 * Proof that an operator of the installation asks: what is not of one tenant, plans and tenants themselves, takes it.
 * Who acts is then of the operators' tenant, wherever the person works.
 */
export interface ByOperator extends Authorized<'own'> {
  readonly [OPERATOR]: true;
}

/** One act as it is; of several possible ones no proof follows, for only one of them was checked. */
type Single<A, All = A> = A extends unknown ? ([All] extends [A] ? A : never) : never;

/** A store the act is about. Left out: it is about the tenant. */
export interface Resource {
  readonly storeId?: string | undefined;
  /** Its answer is narrowed to the stores that are reached, whichever those are. */
  readonly isNarrowed?: boolean | undefined;
}

/**
 * Checks that a principal may do an act, in one store or in the whole tenant. Throws `scope_insufficient` when a key's
 * own bounds are in the way and `role_insufficient` when the role is. A store that a key does not reach is not told from
 * one that is not there: that is for `reachesStore`, whose caller answers not found.
 */
export function authorize<A extends Action>(
  principal: Principal,
  action: A,
  resource: Resource = {},
): Authorized<Single<A>> {
  const { actions, storeIds, role, grants } = principal;
  if (actions !== null && !actions.includes(action)) {
    throw new AppError('scope_insufficient', `This key may not '${action}'. It is held to: ${actions.join(', ')}.`, {
      details: { needed: action, actions },
    });
  }
  if (storeIds !== null && resource.storeId === undefined && resource.isNarrowed !== true) {
    throw new AppError('scope_insufficient', 'This key is held to single vector stores. Ask for one of them.', {
      details: { needed: action, storeIds },
    });
  }
  const needed = ACTIONS[action];
  const granted = resource.storeId === undefined ? undefined : ownValue(grants, resource.storeId);
  if (!isRoleAtLeast(role, needed) && (granted === undefined || !isRoleAtLeast(granted, needed))) {
    throw new AppError('role_insufficient', `Your role is '${role}'. What you ask for needs the role '${needed}'.`, {
      details: { role, needed },
    });
  }
  return prove<Single<A>>(principal);
}

/** Whether a principal sees a store at all. To one that does not, it must answer as if there were none. */
export function reachesStore({ storeIds }: Pick<Principal, 'storeIds'>, storeId: string): boolean {
  return storeIds === null || storeIds.includes(storeId);
}

/** What runs by itself acts for nobody: jobs, recovery at start, tests. Never for a request. */
export function asSystem(tenantId: string, actor: string): Authorized<Action> {
  return prove<Action>({ tenantId, actor, requestId: null, address: null, storeIds: null });
}

/** For whoever was found to be an operator, in the operators' tenant. Only the admission of requests, and tests, call it. */
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
