import { AuditKind, LIMITS } from '@espejo/contracts';
import { debounce, parseAsStringLiteral } from 'nuqs';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/** The filters of the audit in the URL. */
export const auditSearchParams = {
  q: parseAsText(LIMITS.searchTextMax)
    .withDefault('')
    .withOptions({ limitUrlUpdates: debounce(200) }),
  kind: parseAsStringLiteral(AuditKind.options).withOptions(asStep),
};
