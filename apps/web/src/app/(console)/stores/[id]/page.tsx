import type { Metadata } from 'next';
import { StoreClient } from './client.tsx';

export const metadata: Metadata = { title: 'Vector store' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <StoreClient id={decodeURIComponent(id)} />;
}
