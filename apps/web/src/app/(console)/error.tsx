'use client';

import { Broken, type BrokenProps } from '#components/states/broken.tsx';

/** Shown when a page fails to render; the frame around it still works. */
export default function PageError(props: BrokenProps) {
  return <Broken title="This page failed to load" {...props} />;
}
