'use client';

import type { Status } from '@espejo/contracts';
import { Mark } from '@espejo/ui/blocks/mark';
import { ThemeSwitch } from '@espejo/ui/blocks/theme';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { cn } from '@espejo/ui/lib/utils';
import { Kbd } from '@espejo/ui/ui/kbd';
import {
  ArrowLeftRightIcon,
  BotIcon,
  CableIcon,
  DatabaseIcon,
  FilesIcon,
  FlaskConicalIcon,
  KeyboardIcon,
  LayoutDashboardIcon,
  ListChecksIcon,
  type LucideIcon,
  PiggyBankIcon,
  RefreshCwIcon,
  ScrollTextIcon,
  SearchIcon,
  SettingsIcon,
  UsersIcon,
} from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { Time } from '#components/time.tsx';
import { usePermission } from '#lib/access/use-permission.ts';
import { formatCount, plural } from '#lib/format/count.ts';
import { AccountMenu } from './account-menu.tsx';

interface SidebarProps {
  readonly status: Status | undefined;
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

/** The product name, the links to the pages, and the time of the last sync. */
export function Sidebar({ status, onPalette, onHelp }: SidebarProps) {
  const runningCount = status?.activeRunIds.length ?? 0;
  const reviewCount = status?.reviewRunIds.length ?? 0;
  const taskCount = status?.openDeletionCount ?? 0;
  const isManager = usePermission('manage').isAllowed;
  return (
    <div className="flex h-full flex-col gap-4 overflow-y-auto p-3">
      <div className="flex items-center gap-2 px-2 pt-1.5 max-md:pr-8">
        <Link
          href="/overview"
          className="focus-visible:ring-ring/60 flex items-center gap-2.5 rounded-sm text-sm font-semibold tracking-tight outline-none focus-visible:ring-2"
        >
          <Mark />
          Espejo
        </Link>
        {status?.isSandbox ? (
          <ToneBadge
            tone="warning"
            className="ml-auto"
            data-hint="The built-in sandbox is a connection: its stores and files are sample data"
          >
            <FlaskConicalIcon aria-hidden="true" />
            Sandbox
          </ToneBadge>
        ) : null}
      </div>

      <button
        type="button"
        onClick={onPalette}
        className="bg-background text-muted-foreground hover:text-foreground focus-visible:ring-ring/60 flex h-8 items-center gap-2 rounded-md border px-2.5 text-left outline-none focus-visible:ring-2"
      >
        <SearchIcon aria-hidden="true" className="size-3.5" />
        Go to…
        <Kbd className="ml-auto">⌘K</Kbd>
      </button>

      <nav aria-label="Console" className="flex flex-col gap-0.5">
        <NavLink href="/overview" icon={LayoutDashboardIcon} label="Overview" chord="g o" />
        <NavLink href="/stores" icon={DatabaseIcon} label="Vector stores" chord="g s">
          {status ? formatCount(status.storeCount) : null}
        </NavLink>
        <NavLink href="/files" icon={FilesIcon} label="Files" chord="g f">
          {status ? formatCount(status.fileCount) : null}
        </NavLink>
        <NavLink href="/sync" icon={RefreshCwIcon} label="Sync" chord="g y" isSpinning={runningCount > 0}>
          {reviewCount > 0 ? (
            <span className="bg-warning-soft text-warning rounded-sm px-1 font-medium">
              {reviewCount}
              <span className="sr-only"> waiting for review</span>
            </span>
          ) : runningCount > 0 ? (
            'running'
          ) : null}
        </NavLink>
        <NavLink href="/agents" icon={BotIcon} label="Agents" chord="g b" />
        <NavLink href="/storage-debt" icon={PiggyBankIcon} label="Storage debt" chord="g d" />
        <NavLink href="/transfers" icon={ArrowLeftRightIcon} label="Transfers" chord="g r" />
        <NavLink href="/tasks" icon={ListChecksIcon} label="Tasks" chord="g t">
          {taskCount > 0 ? `${formatCount(taskCount)} running` : null}
        </NavLink>
        {isManager ? <NavLink href="/audit" icon={ScrollTextIcon} label="Audit" chord="g a" /> : null}
        <NavLink href="/connections" icon={CableIcon} label="Connections" chord="g c">
          {status ? formatCount(status.connectionCount) : null}
        </NavLink>
        {isManager ? <NavLink href="/people" icon={UsersIcon} label="People" chord="g p" /> : null}
        <NavLink href="/settings" icon={SettingsIcon} label="Settings" chord="g e" />
      </nav>

      <div className="mt-auto flex flex-col gap-3">
        <AsOf status={status} />
        <div className="flex items-center justify-between">
          <ThemeSwitch />
          <button
            type="button"
            onClick={onHelp}
            data-hint="Keyboard shortcuts (?)"
            className="text-muted-foreground hover:text-foreground hover:bg-accent focus-visible:ring-ring/60 grid size-7 place-items-center rounded-md outline-none focus-visible:ring-2"
          >
            <KeyboardIcon aria-hidden="true" className="size-4" />
            <span className="sr-only">Keyboard shortcuts</span>
          </button>
        </div>
        <AccountMenu />
      </div>
    </div>
  );
}

interface NavLinkProps {
  readonly href: string;
  readonly icon: LucideIcon;
  readonly label: string;
  readonly chord: string;
  readonly isSpinning?: boolean;
  readonly children?: ReactNode;
}

function NavLink({ href, icon: Icon, label, chord, isSpinning = false, children }: NavLinkProps) {
  const pathname = usePathname();
  const isCurrent = pathname === href || pathname.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={isCurrent ? 'page' : undefined}
      data-hint={`${label} (${chord})`}
      className={cn(
        'focus-visible:ring-ring/60 flex h-8 items-center gap-2.5 rounded-md px-2 font-medium outline-none focus-visible:ring-2',
        isCurrent
          ? 'bg-brand-soft text-brand'
          : 'text-muted-foreground hover:bg-accent hover:text-foreground transition-colors',
      )}
    >
      <Icon aria-hidden="true" className={cn('size-4', isSpinning && 'animate-spin [animation-duration:2.5s]')} />
      {label}
      <span className="ml-auto text-xs font-normal tabular-nums">{children}</span>
    </Link>
  );
}

function AsOf({ status }: { status: Status | undefined }) {
  if (!status) return null;
  return (
    <div className="text-muted-foreground border-l-reflection flex flex-col border-l-2 pl-2.5 text-xs">
      {status.asOf === null ? (
        <span>Not synced yet</span>
      ) : (
        <span data-testid="as-of">
          As of <Time at={status.asOf} className="text-foreground font-medium" />
        </span>
      )}
      <span>
        {status.activeRunIds.length > 0 ? (
          `${plural(status.activeRunIds.length, 'sync', 'syncs')} running`
        ) : status.nextSyncAt === null ? (
          'No sync scheduled'
        ) : (
          <>
            Next sync <Time at={status.nextSyncAt} />
          </>
        )}
      </span>
    </div>
  );
}
