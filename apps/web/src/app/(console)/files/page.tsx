import type { Metadata } from 'next';
import { FilesClient } from './client.tsx';

export const metadata: Metadata = { title: 'Files' };

export default function Page() {
  return <FilesClient />;
}
