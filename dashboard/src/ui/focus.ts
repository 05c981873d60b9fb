// Where the focus is, for those who can't point.
import { type RefObject, useEffect, useRef } from 'react';

/** Whether nothing has the focus: what had it is gone. */
export const isFocusLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** Whoever can't point goes on there, and not at the top of the page. */
export const focusContent = (): void => document.getElementById('content')?.focus({ preventScroll: true });

/** What takes the focus itself, such as a dialog that gives it back, has done so by then. */
const GIVEN_BY_MS = 100;

/**
 * A button is disabled while what it asked for is under way, and so loses the focus (HTML, "focus fixup"): it has it again once it can be pressed. What has
 * gone, such as the row of a key that was revoked, leaves it to the content of the page. Neither, when somebody pointed elsewhere meanwhile.
 */
export function keepFocus(): void {
  let focused: EventTarget | null = null;
  let looking: number | undefined;
  document.addEventListener('pointerdown', () => (focused = null), true);
  document.addEventListener('focusin', ({ target }) => (focused = target));
  const look = () => {
    looking = undefined;
    if (!(focused instanceof HTMLElement) || !isFocusLost()) return;
    if (!focused.isConnected) focusContent();
    else if (!focused.matches(':disabled')) focused.focus();
  };
  new MutationObserver(() => {
    if (focused !== null && isFocusLost()) looking ??= window.setTimeout(look, GIVEN_BY_MS);
  }).observe(document, { subtree: true, childList: true, attributeFilter: ['disabled'] });
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
