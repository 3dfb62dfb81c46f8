import type { Metadata } from 'next';
import { PeopleClient } from './client.tsx';

export const metadata: Metadata = { title: 'People' };

export default function Page() {
  return <PeopleClient />;
}
