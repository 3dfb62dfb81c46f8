'use client';

import type { AuditEvent } from '@espejo/contracts';
import { CopyButton } from '@espejo/ui/blocks/copy-button';
import { Fact, Facts } from '@espejo/ui/blocks/facts';
import { Sheet, SheetContent, SheetDescription, SheetHeader, SheetTitle } from '@espejo/ui/ui/sheet';
import { JsonBlock } from '#components/json-block.tsx';
import { formatAbsolute } from '#lib/format/time.ts';
import { Outcome } from './outcome.tsx';

/** All fields of one audit entry. */
export function AuditSheet({ event, onClose }: { event: AuditEvent | null; onClose: () => void }) {
  return (
    <Sheet open={event !== null} onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <SheetContent className="w-full gap-0 overflow-y-auto sm:max-w-lg">
        {event === null ? null : (
          <>
            <SheetHeader className="pr-12">
              <SheetTitle className="break-all">{event.action}</SheetTitle>
              <SheetDescription>{formatAbsolute(event.at)}</SheetDescription>
            </SheetHeader>
            <div className="px-4 pb-6">
              <Facts className="sm:grid-cols-[6.5rem_minmax(0,1fr)]">
                <Fact label="Principal">
                  <bdi>{event.actor}</bdi>
                </Fact>
                <Fact label="Subject">
                  <Id value={event.subject} label="Copy subject" />
                </Fact>
                <Fact label="Outcome">
                  <Outcome outcome={event.outcome} />
                </Fact>
                <Fact label="From">
                  {event.address === null ? (
                    <Nothing>none: a background job of Espejo</Nothing>
                  ) : (
                    <Id value={event.address} label="Copy address" />
                  )}
                </Fact>
                <Fact label="Request">
                  {event.requestId === null ? (
                    <Nothing>none: a background job</Nothing>
                  ) : (
                    <Id value={event.requestId} label="Copy request id" />
                  )}
                </Fact>
              </Facts>
              {event.detail === null ? null : (
                <div className="mt-3">
                  <JsonBlock label="Detail" value={event.detail} />
                </div>
              )}
            </div>
          </>
        )}
      </SheetContent>
    </Sheet>
  );
}

function Id({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-start gap-0.5">
      <span className="pt-0.5 font-mono text-xs break-all">{value}</span>
      <CopyButton value={value} label={label} />
    </span>
  );
}

function Nothing({ children }: { children: string }) {
  return <span className="text-muted-foreground">{children}</span>;
}
