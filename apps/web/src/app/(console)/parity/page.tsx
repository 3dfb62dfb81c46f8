import type { Metadata } from 'next';
import { ParityClient } from './client.tsx';

export const metadata: Metadata = { title: 'Parity' };

export default function Page() {
  return <ParityClient />;
}
