import { DeletionStatus } from '@espejo/contracts';
import { parseAsStringLiteral } from 'nuqs';
import { asStep } from '#lib/params/parsers.ts';

/** The filters of the tasks list in the URL. */
export const tasksSearchParams = {
  status: parseAsStringLiteral(DeletionStatus.options).withOptions(asStep),
};
