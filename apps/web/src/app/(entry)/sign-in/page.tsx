import type { Metadata } from 'next';
import { sameOriginPath } from '#lib/access/return-to.ts';
import { SignInClient } from './client.tsx';

export const metadata: Metadata = { title: 'Sign in' };

interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

/** The sign-in page: `to` is the page to open afterwards, `error` why a sign-in at the issuer failed. */
export default async function Page({ searchParams }: PageProps) {
  const { to, error } = await searchParams;
  return (
    <SignInClient
      to={(typeof to === 'string' ? sameOriginPath(to) : null) ?? '/stores'}
      fault={typeof error === 'string' ? error.slice(0, 64) : null}
    />
  );
}
