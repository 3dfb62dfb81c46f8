import type { Metadata } from 'next';
import { TransferClient } from './client.tsx';

export const metadata: Metadata = { title: 'Transfer' };

export default async function Page({ params }: { params: Promise<{ transferId: string }> }) {
  const { transferId } = await params;
  return <TransferClient id={decodeURIComponent(transferId)} />;
}
