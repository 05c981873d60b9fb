// Where the focus is, for those who can't point.
import { type RefObject, useEffect, useRef } from 'react';

/** Whether nothing has the focus: what had it is gone. */
export const isFocusLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** Whoever can't point goes on there, and not at the top of the page. */
export const focusContent = (): void => document.getElementById('content')?.focus({ preventScroll: true });

/**
 * A button is disabled while what it asked for is under way, and so loses the focus (HTML, "focus fixup"). It has it again once it can be pressed, unless
 * something else was focused or pointed at meanwhile.
 */
export function keepFocus(): void {
  let focused: EventTarget | null = null;
  document.addEventListener('pointerdown', () => (focused = null), true);
  document.addEventListener('focusin', ({ target }) => (focused = target));
  new MutationObserver(() => {
    if (focused instanceof HTMLButtonElement && !focused.disabled && isFocusLost()) focused.focus();
  }).observe(document, { subtree: true, attributeFilter: ['disabled'] });
}

/** What had the focus; of a menu, what opens it. */
export function openerOf(element: Element | null): HTMLElement | null {
  const menu = element?.closest('[role=menu]');
  if (menu) return document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

/** For a form: after each refusal, its first field that is at fault has the focus. */
export function useFocusOnFault(error: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [error]);
  return form;
}
