// What jsdom lacks and Mantine asks for, and the texts of the pages.
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
import { startTranslation } from '../src/app/i18n.ts';

window.matchMedia = (query: string): MediaQueryList =>
  Object.assign(new EventTarget(), {
    matches: false,
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });
class NeverResized implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
window.ResizeObserver = NeverResized;
Object.defineProperty(document, 'fonts', { value: new EventTarget(), configurable: true });
window.scrollTo = () => undefined;
window.HTMLElement.prototype.scrollIntoView = () => undefined;

// A busy machine takes a while to render a page for the first time.
configure({ asyncUtilTimeout: 20_000 });
afterEach(cleanup);
await startTranslation();
