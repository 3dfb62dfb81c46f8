import { DeletionStatus } from '@espejo/contracts';
import { parseAsStringLiteral } from 'nuqs';
import { asStep } from '#lib/params/parsers.ts';

/** The view of the tasks list, as the URL holds it. */
export const tasksSearchParams = {
  status: parseAsStringLiteral(DeletionStatus.options).withOptions(asStep),
};
