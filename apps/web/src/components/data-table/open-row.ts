import type { MouseEvent } from 'react';

/**
 * A click anywhere in a row does what its link or button does. Cells hold text with hints that lies above the link's
 * own area; this makes the row whole again. Selecting text is not a click, and with a modifier it opens a new tab.
 */
export function openRow(event: MouseEvent<HTMLElement>): void {
  if (!(event.target instanceof Element) || event.target.closest('a, button, input') !== null) return;
  if (window.getSelection()?.isCollapsed === false) return;
  const target = event.currentTarget.querySelector<HTMLElement>('[data-row-link]');
  if (target instanceof HTMLAnchorElement && (event.metaKey || event.ctrlKey)) window.open(target.href, '_blank');
  else target?.click();
}
