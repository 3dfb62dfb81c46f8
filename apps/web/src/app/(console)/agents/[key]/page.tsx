import type { Metadata } from 'next';
import { AgentClient } from './client.tsx';

export const metadata: Metadata = { title: 'Agent' };

export default async function Page({ params }: { params: Promise<{ key: string }> }) {
  const { key } = await params;
  return <AgentClient agentKey={decodeURIComponent(key)} />;
}
