const KEY = 'espejo-place';

/** Keeps where somebody is while they sign in elsewhere and come back to the first page. */
export function rememberPlace(): void {
  const { pathname, search } = window.location;
  if (pathname !== '/sign-in') sessionStorage.setItem(KEY, pathname + search);
}

/** Where somebody was, once; null: nowhere else. */
export function takePlace(): string | null {
  const place = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return place === null ? null : ownPath(place);
}

/** A path of this console; null for anything that would lead out of it. */
export function ownPath(text: string): string | null {
  // `//host` and `/\host` are other sites to a browser.
  return /^\/(?![/\\])/.test(text) ? text : null;
}
