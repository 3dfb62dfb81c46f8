import type { Metadata } from 'next';
import { TenantsClient } from './client.tsx';

export const metadata: Metadata = { title: 'Tenants' };

export default function Page() {
  return <TenantsClient />;
}
