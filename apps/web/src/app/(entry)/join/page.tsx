import type { Metadata } from 'next';
import { JoinClient } from './client.tsx';

export const metadata: Metadata = { title: 'Accept an invitation' };

export default function Page() {
  return <JoinClient />;
}
