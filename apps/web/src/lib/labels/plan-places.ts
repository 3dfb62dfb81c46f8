import type { DeletionPlan } from '@espejo/contracts';
import { plural } from '../format/count.ts';
import { planScope } from './deletions.ts';

type PlannedConnection = DeletionPlan['connections'][number];

/** More connections than this are counted instead of named. */
const NAMED_MAX = 3;

/** The connections that a plan changes: without primary stores, and without connections in which everything is kept. */
function touchedConnections(plan: Pick<DeletionPlan, 'connections'>): readonly PlannedConnection[] {
  return plan.connections.filter(
    ({ connectionId, counts }) => connectionId !== null && planScope(counts) !== 'nothing',
  );
}

/** "in Acme EU", "in 2 connections"; null if no connection is changed. */
export function planPlace(plan: Pick<DeletionPlan, 'connections'>): string | null {
  const touched = touchedConnections(plan);
  const [only] = touched;
  if (only === undefined) return null;
  return touched.length === 1 ? `in ${nameOf(only)}` : `in ${plural(touched.length, 'connection')}`;
}

/**
 * The text to type before a severe deletion: the store's name, or the number of items. With several connections it
 * includes the connection's name, because two connections can have stores with the same name.
 */
export function confirmationPhrase(plan: DeletionPlan, areConnectionsSeveral: boolean): string {
  const [store] = plan.stores;
  const isOneStore = plan.counts.stores === 1 && store !== undefined;
  const what = isOneStore ? (store.name ?? store.id) : `delete ${planScope(plan.counts)}`;
  const places = touchedConnections(plan).map(nameOf);
  if (!areConnectionsSeveral || places.length === 0) return what;
  return isOneStore ? `${list(places)}/${what}` : `${what} in ${list(places)}`;
}

function list(names: readonly string[]): string {
  if (names.length <= NAMED_MAX) return names.join(', ');
  return `${names.slice(0, NAMED_MAX).join(', ')} and ${names.length - NAMED_MAX} more`;
}

function nameOf({ name, connectionId }: PlannedConnection): string {
  return name ?? connectionId ?? '';
}
