import type { DeletionDeps } from '../deletion/deletion-deps.ts';
import type { ExpirySettings } from './expiry-settings.ts';

/** What the expiry of stores of ours needs: it purges through the deletion ledger, as everything does. */
export interface ExpiryDeps extends DeletionDeps {
  readonly expiry: ExpirySettings;
}
