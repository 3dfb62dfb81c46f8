import type { Metadata } from 'next';
import { AgentsClient } from './client.tsx';

export const metadata: Metadata = { title: 'Agents' };

export default function Page() {
  return <AgentsClient />;
}
