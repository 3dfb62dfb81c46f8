import type { Metadata } from 'next';
import { TaskClient } from './client.tsx';

export const metadata: Metadata = { title: 'Task' };

export default async function Page({ params }: { params: Promise<{ deletionId: string }> }) {
  const { deletionId } = await params;
  return <TaskClient id={decodeURIComponent(deletionId)} />;
}
