const KEY = 'espejo-place';
/** A placeholder origin: a path of this console keeps it, an address of another site does not. */
const OWN_ORIGIN = 'https://console.invalid';

/** Saves the current page before the redirect to the sign-in service, which returns to the first page. */
export function saveReturnTo(): void {
  const { pathname, search } = window.location;
  if (pathname !== '/sign-in') sessionStorage.setItem(KEY, pathname + search);
}

/** Returns the saved page and deletes it; null when none is saved. */
export function takeReturnTo(): string | null {
  const place = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return place === null ? null : sameOriginPath(place);
}

/** A path of this console in normal form; null for an address of another site. */
export function sameOriginPath(text: string): string | null {
  // Browsers drop tabs and line ends and read `\\` as `/`, so the text is parsed with the parser that they use.
  const url = text.startsWith('/') ? URL.parse(text, OWN_ORIGIN) : null;
  if (url === null || url.origin !== OWN_ORIGIN) return null;
  const path = url.pathname + url.search + url.hash;
  // `/.//host` is a path here, but its normal form `//host` is an address of another site.
  return path.startsWith('//') ? null : path;
}
