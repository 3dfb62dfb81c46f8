import type { Metadata } from 'next';
import { TasksClient } from './client.tsx';

export const metadata: Metadata = { title: 'Tasks' };

export default function Page() {
  return <TasksClient />;
}
