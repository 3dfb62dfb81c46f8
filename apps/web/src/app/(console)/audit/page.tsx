import type { Metadata } from 'next';
import { AuditClient } from './client.tsx';

export const metadata: Metadata = { title: 'Audit' };

export default function Page() {
  return <AuditClient />;
}
