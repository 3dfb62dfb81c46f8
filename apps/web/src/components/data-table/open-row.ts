import type { MouseEvent } from 'react';

/**
 * A click anywhere in a row triggers its link or button, because text with hints in the cells covers the area of the
 * link. Selecting text does not count as a click; a click with a modifier opens a new tab.
 */
export function openRow(event: MouseEvent<HTMLElement>): void {
  if (!(event.target instanceof Element) || event.target.closest('a, button, input') !== null) return;
  if (window.getSelection()?.isCollapsed === false) return;
  const target = event.currentTarget.querySelector<HTMLElement>('[data-row-link]');
  if (target instanceof HTMLAnchorElement && (event.metaKey || event.ctrlKey)) window.open(target.href, '_blank');
  else target?.click();
}
