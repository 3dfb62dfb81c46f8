import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { SearchIcon } from 'lucide-react';

/** Stands for a mirror’s results until Search is pressed. */
export function HeldSearch({ title }: { title: string }) {
  return (
    <section aria-label={`Results in ${title}`}>
      <EmptyState icon={SearchIcon} title="Not searched yet">
        <p>Press Search to run this query in the OpenAI project. It counts as a use of the store.</p>
      </EmptyState>
    </section>
  );
}
