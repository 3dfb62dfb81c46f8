import { cn } from '@espejo/ui/lib/utils';

const CHOICES = [
  { value: 'delete', title: 'Delete their files too', detail: 'Files that other stores use are kept.' },
  { value: 'keep', title: 'Keep all files', detail: 'They stay in the project, attached to fewer stores or to none.' },
] as const;

/** Whether the files of deleted stores are deleted or kept. */
export function FilesChoice({
  value,
  onValueChange,
  isDisabled,
}: {
  value: 'delete' | 'keep';
  onValueChange: (value: 'delete' | 'keep') => void;
  isDisabled: boolean;
}) {
  return (
    <fieldset className="grid gap-2 sm:grid-cols-2" disabled={isDisabled}>
      <legend className="sr-only">Files of these stores</legend>
      {CHOICES.map((choice) => (
        <label
          key={choice.value}
          className={cn(
            'has-[:focus-visible]:ring-ring/60 flex cursor-pointer items-start gap-2.5 rounded-md border px-3 py-2 has-[:focus-visible]:ring-2',
            value === choice.value && 'border-brand/50 bg-brand-soft/60',
          )}
        >
          <input
            type="radio"
            name="files"
            value={choice.value}
            checked={value === choice.value}
            onChange={() => onValueChange(choice.value)}
            className="accent-brand mt-1"
          />
          <span>
            <span className="block font-medium">{choice.title}</span>
            <span className="text-muted-foreground block text-xs">{choice.detail}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
