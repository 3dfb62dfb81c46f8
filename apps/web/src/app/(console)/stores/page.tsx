import type { Metadata } from 'next';
import { StoresClient } from './client.tsx';

export const metadata: Metadata = { title: 'Vector stores' };

export default function Page() {
  return <StoresClient />;
}
