import type { Metadata } from 'next';
import { TransfersClient } from './client.tsx';

export const metadata: Metadata = { title: 'Transfers' };

export default function Page() {
  return <TransfersClient />;
}
