import type { Metadata } from 'next';
import { ConnectionsClient } from './client.tsx';

export const metadata: Metadata = { title: 'Connections' };

export default function Page() {
  return <ConnectionsClient />;
}
