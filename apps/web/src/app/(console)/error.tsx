'use client';

import { Broken, type BrokenProps } from '#components/states/broken.tsx';

/** A page that broke while it was drawn; the frame around it still works. */
export default function PageError(props: BrokenProps) {
  return <Broken title="This page broke" {...props} />;
}
