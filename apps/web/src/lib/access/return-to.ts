const KEY = 'espejo-place';
/** Any origin will do: it only has to be the same one afterwards. */
const OWN_ORIGIN = 'https://console.invalid';

/** Keeps where somebody is while they sign in elsewhere and come back to the first page. */
export function saveReturnTo(): void {
  const { pathname, search } = window.location;
  if (pathname !== '/sign-in') sessionStorage.setItem(KEY, pathname + search);
}

/** Where somebody was, once; null: nowhere else. */
export function takeReturnTo(): string | null {
  const place = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return place === null ? null : sameOriginPath(place);
}

/** A path of this console, in its one spelling; null for anything that leads out of it. */
export function sameOriginPath(text: string): string | null {
  // Browsers drop tabs and line ends and read `\\` as `/`, so what it leads to is asked of the parser that they use.
  const url = text.startsWith('/') ? URL.parse(text, OWN_ORIGIN) : null;
  if (url === null || url.origin !== OWN_ORIGIN) return null;
  const path = url.pathname + url.search + url.hash;
  // `/.//host` is a path here, and would be another site's address once it stands alone.
  return path.startsWith('//') ? null : path;
}
