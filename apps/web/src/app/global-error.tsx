'use client';

import './globals.css';
import { Broken, type BrokenProps } from '#components/states/broken.tsx';

/** Shown when the frame itself fails to render; it replaces the whole document. */
export default function GlobalError(props: BrokenProps) {
  return (
    <html lang="en">
      <body>
        <title>Espejo failed to load</title>
        <main id="main" className="grid min-h-dvh place-items-center">
          <Broken title="The console failed to load" {...props} />
        </main>
      </body>
    </html>
  );
}
