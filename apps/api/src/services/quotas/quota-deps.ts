import { AppError, type Authorized } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock } from '../../ports.ts';

export interface QuotaDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** The tenant whose owners run this installation. */
  readonly operatorTenantId: string;
}

/** Plans are for whoever runs the installation to set: an owner of another tenant must not raise its own. */
export function assertOperator({ operatorTenantId }: QuotaDeps, by: Authorized<'own'>): void {
  if (by.tenantId === operatorTenantId) return;
  throw new AppError('role_insufficient', 'Plans are set by the operator of this Espejo. Ask them.', {
    details: { needed: 'operator' },
  });
}
