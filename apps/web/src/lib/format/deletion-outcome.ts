import type { Deletion } from '@espejo/contracts';
import { formatCount, plural } from './count.ts';

export type OutcomeFacts = Pick<Deletion, 'counts' | 'done' | 'storesLeft' | 'steps'>;

/** What a deletion that did not reach its end has done and what it left, in sentences. */
export function describeStop(deletion: OutcomeFacts): string {
  return [`${progressWords(deletion)}.`, leftWords(deletion), detachedWords(deletion)]
    .filter((part) => part !== '')
    .join(' ');
}

function progressWords({ counts, done, steps }: OutcomeFacts): string {
  if (steps.done === 0) return 'Stopped before anything was deleted';
  const parts = [
    counts.stores > 1 ? ofTotal(done.stores, counts.stores, 'store') : '',
    counts.filesToDelete > 0 ? ofTotal(done.filesDeleted, counts.filesToDelete, 'file') : '',
  ].filter((part) => part !== '');
  if (parts.length === 0) parts.push(ofTotal(steps.done, steps.total, 'step'));
  return `Stopped after ${parts.join(' and ')}`;
}

function leftWords({ counts, done, storesLeft }: OutcomeFacts): string {
  const [first] = storesLeft;
  const gone = done.filesDeleted === 0 ? '' : `${plural(done.filesDeleted, 'file is', 'files are')} gone for good`;
  const stay =
    first === undefined
      ? ''
      : counts.stores === 1
        ? `The store still exists with ${plural(first.fileCount, 'file')}`
        : plural(counts.stores - done.stores, 'store still exists', 'stores still exist');
  const clauses = [stay, gone].filter((part) => part !== '');
  return clauses.length === 0 ? '' : `${clauses.join('; ')}.`;
}

/** Of one store only: in a plan of many, an attachment more is not a file more. */
function detachedWords({ counts, done }: OutcomeFacts): string {
  const kept = done.attachmentsDetached - done.filesDeleted;
  if (counts.stores !== 1 || kept <= 0) return '';
  return `${plural(kept, 'other file was', 'other files were')} detached from it and still ${kept === 1 ? 'exists' : 'exist'}.`;
}

function ofTotal(done: number, total: number, noun: string): string {
  return `${formatCount(done)} of ${plural(total, noun)}`;
}
