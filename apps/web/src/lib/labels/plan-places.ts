import type { DeletionPlan } from '@espejo/contracts';
import { plural } from '../format/count.ts';
import { planScope } from './deletions.ts';

type PlannedConnection = DeletionPlan['connections'][number];

/** Names written out in a sentence; of more, how many others there are. */
const NAMED_MAX = 3;

/** The connections that something is deleted or detached through. Where all is kept, or Espejo's own, there are none. */
export function touchedConnections(plan: Pick<DeletionPlan, 'connections'>): readonly PlannedConnection[] {
  return plan.connections.filter(
    ({ connectionId, counts }) => connectionId !== null && planScope(counts) !== 'nothing',
  );
}

/** "in Acme EU", "in 2 connections"; null where no upstream project is touched. */
export function planPlace(plan: Pick<DeletionPlan, 'connections'>): string | null {
  const touched = touchedConnections(plan);
  const [only] = touched;
  if (only === undefined) return null;
  return touched.length === 1 ? `in ${nameOf(only)}` : `in ${plural(touched.length, 'connection')}`;
}

/**
 * What a person types before a severe deletion: the store's name, or how many things go. Where a mirror can come through
 * more than one connection it has the connection's name too: stores of one name may be in both.
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
