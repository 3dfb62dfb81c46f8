import type { Metadata } from 'next';
import { SetupClient } from './client.tsx';

export const metadata: Metadata = { title: 'Create the owner account' };

export default function Page() {
  return <SetupClient />;
}
