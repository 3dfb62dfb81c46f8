'use client';

import type { Connection, VectorStoreDetail } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { ArrowLeftRightIcon, ExternalLinkIcon } from 'lucide-react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { dashboardHref } from '#lib/format/openai-dashboard.ts';

interface MirrorWaysProps {
  readonly store: VectorStoreDetail;
  readonly connection: Connection | undefined;
  readonly onAdopt: () => void;
}

/** How to change a mirror: edit the store at OpenAI, or adopt it into a primary store. */
export function MirrorWays({ store, connection, onAdopt }: MirrorWaysProps) {
  const href = dashboardHref(store.id, connection);
  return (
    <span className="text-foreground flex flex-wrap gap-2">
      {href === null ? null : (
        <Button asChild variant="outline" size="sm" className="h-7">
          <a href={href} target="_blank" rel="noreferrer">
            <ExternalLinkIcon />
            Open in OpenAI
          </a>
        </Button>
      )}
      <PermissionButton needs="write" type="button" variant="outline" size="sm" className="h-7" onClick={onAdopt}>
        <ArrowLeftRightIcon />
        Adopt to edit here
      </PermissionButton>
    </span>
  );
}
