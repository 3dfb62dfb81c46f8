import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { SearchIcon } from 'lucide-react';

/** In the place of a mirror's results while nobody has asked its OpenAI project. */
export function HeldSearch({ title }: { title: string }) {
  return (
    <section aria-label={`Results in ${title}`}>
      <EmptyState icon={SearchIcon} title="Not searched yet">
        <p>Press Search to run this query in the OpenAI project. It counts as a use of the store.</p>
      </EmptyState>
    </section>
  );
}
