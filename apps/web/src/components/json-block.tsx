import { CopyButton } from '@espejo/ui/blocks/copy-button';

/** Raw JSON as received. */
export function JsonBlock({ label, value }: { label: string; value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <div className="bg-muted relative rounded-md">
      <CopyButton value={text} label={`Copy ${label.toLowerCase()}`} className="absolute top-1 right-1" />
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="focus-visible:ring-ring/60 max-h-72 overflow-auto rounded-md p-3 outline-none focus-visible:ring-2"
      >
        <pre className="font-mono text-xs leading-relaxed">{text}</pre>
      </section>
    </div>
  );
}
