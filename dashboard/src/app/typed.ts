// What somebody has typed into the page that is open, and would lose with it.
const MARK = 'data-typed';

document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) target.setAttribute(MARK, '');
});

/** Whether a field has something that was typed. */
export const isTypedInto = (): boolean =>
  [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(`[${MARK}]`)].some(({ value }) => value !== '');
