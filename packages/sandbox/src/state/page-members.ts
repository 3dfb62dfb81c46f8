import type { Page, PageQuery } from './page.ts';
import { unknownCursor } from './page.ts';
import type { AttachmentRow } from './rows.ts';

/** Returns a page of a batch's files. They have the same second and are listed by id, whatever order is requested. */
export function pageOfMembers(
  members: readonly AttachmentRow[],
  query: PageQuery,
  isListed: (row: AttachmentRow) => boolean,
): Page<AttachmentRow> {
  const indexOf = (param: 'after' | 'before'): number | null => {
    const cursor = query[param];
    if (cursor === null) return null;
    const index = members.findIndex((member) => member.id === cursor);
    if (index === -1) throw unknownCursor(param, cursor);
    return index;
  };
  const after = indexOf('after');
  const before = indexOf('before');
  const rows = members.slice(after === null ? 0 : after + 1, before ?? undefined).filter(isListed);
  const hasMore = rows.length > query.limit;
  const isBackward = before !== null && after === null;
  return { rows: isBackward ? rows.slice(-query.limit) : rows.slice(0, query.limit), hasMore };
}
