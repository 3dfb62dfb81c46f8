'use client';

import './globals.css';
import { Broken, type BrokenProps } from '#components/states/broken.tsx';

/** The last resort: the frame itself broke, so this stands in its place with a document of its own. */
export default function GlobalError(props: BrokenProps) {
  return (
    <html lang="en">
      <body>
        <title>Espejo broke</title>
        <main id="main" className="grid min-h-dvh place-items-center">
          <Broken title="The console broke" {...props} />
        </main>
      </body>
    </html>
  );
}
