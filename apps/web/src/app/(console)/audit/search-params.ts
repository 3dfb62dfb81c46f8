import { AuditKind, LIMITS } from '@espejo/contracts';
import { debounce, parseAsStringLiteral } from 'nuqs';
import { asStep, parseAsText } from '#lib/params/parsers.ts';

/** The view of the audit, as the URL holds it. */
export const auditSearchParams = {
  q: parseAsText(LIMITS.searchTextMax)
    .withDefault('')
    .withOptions({ limitUrlUpdates: debounce(200) }),
  kind: parseAsStringLiteral(AuditKind.options).withOptions(asStep),
};
