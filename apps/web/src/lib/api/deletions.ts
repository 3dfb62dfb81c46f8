import type { DeletionStatus, DeletionStep, PlanDeletionBody } from '@espejo/contracts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import { keysetPaging } from './pages.ts';

/** The plan of a deletion. Computed from the live upstream on each request and never cached, because it may change. */
export const deletionPlanQuery = (request: PlanDeletionBody) =>
  queryOptions({
    queryKey: ['deletion-plan', request],
    queryFn: ({ signal }) => api('planDeletion', { body: request, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
  });

export interface DeletionListView {
  readonly status?: DeletionStatus | undefined;
}

export const deletionsQuery = (view: DeletionListView) =>
  infiniteQueryOptions({
    queryKey: ['deletions', 'list', view],
    queryFn: ({ pageParam, signal }) =>
      api('listDeletions', { query: { ...view, limit: 50, cursor: pageParam }, signal }),
    ...keysetPaging,
    placeholderData: keepPreviousData,
    refetchInterval: 5000,
  });

/** One deletion. Its events update it while it runs; the slow poll covers a broken event stream. */
export const deletionQuery = (id: string) =>
  queryOptions({
    queryKey: ['deletions', 'one', id],
    queryFn: ({ signal }) => api('getDeletion', { params: { id }, signal }),
    refetchInterval: (query) => (isOpen(query.state.data?.status) ? 5000 : false),
  });

export type StepState = DeletionStep['state'];

export const deletionStepsQuery = (id: string, state: StepState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['deletions', 'steps', id, state ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      api('listDeletionSteps', { params: { id }, query: { state, limit: 100, cursor: pageParam }, signal }),
    ...keysetPaging,
    placeholderData: keepPreviousData,
  });

export function startDeletion(planHash: string) {
  return api('startDeletion', { body: { planHash } });
}

export function retryDeletion(id: string) {
  return api('retryDeletion', { params: { id } });
}

export function cancelDeletion(id: string) {
  return api('cancelDeletion', { params: { id } });
}

export function restoreVectorStore(id: string) {
  return api('restoreVectorStore', { params: { id } });
}

/** Whether the deletion may still be running. */
export function isOpen(status: DeletionStatus | undefined): boolean {
  return status === 'waiting' || status === 'running';
}
