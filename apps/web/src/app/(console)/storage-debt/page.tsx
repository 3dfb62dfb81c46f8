import type { Metadata } from 'next';
import { StorageDebtClient } from './client.tsx';

export const metadata: Metadata = { title: 'Storage debt' };

export default function Page() {
  return <StorageDebtClient />;
}
