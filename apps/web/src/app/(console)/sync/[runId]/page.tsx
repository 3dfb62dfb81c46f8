import type { Metadata } from 'next';
import { RunClient } from './client.tsx';

export const metadata: Metadata = { title: 'Sync run' };

export default async function Page({ params }: { params: Promise<{ runId: string }> }) {
  const { runId } = await params;
  return <RunClient id={decodeURIComponent(runId)} />;
}
