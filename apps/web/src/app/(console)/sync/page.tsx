import type { Metadata } from 'next';
import { SyncClient } from './client.tsx';

export const metadata: Metadata = { title: 'Sync' };

export default function Page() {
  return <SyncClient />;
}
