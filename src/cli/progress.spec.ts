import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProgressLine } from './progress.js';

const own = Object.getOwnPropertyDescriptor(process, 'stderr') as PropertyDescriptor;
let printed: string;
function setStderr(isTTY: boolean): void {
  printed = '';
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, written) {
      printed += chunk.toString();
      written();
    },
  });
  Object.defineProperty(process, 'stderr', { value: Object.assign(stderr, { isTTY }), configurable: true });
}
beforeEach(() => setStderr(true));
afterEach(() => void Object.defineProperty(process, 'stderr', own));

/** What is on the line in the end. */
const lineOf = (text: string): string => text.replace(/\n$/, '').split('\r').at(-1)?.replace('\x1b[K', '') ?? '';

describe('the line on a terminal', () => {
  it('says how far a walk through the log is', () => {
    const line = new ProgressLine('verifying');
    line.show({ position: 49, head: 99, events: 50 });
    line.show({ position: 99, head: 99, events: 100 });
    expect(lineOf(printed)).toMatch(/^verifying: 100 %, \d+ events\/s, 0 s left$/);
  });

  it('counts other work, and ends once', () => {
    const line = new ProgressLine('re-rating');
    line.count(1, 4, 'accounts');
    expect(lineOf(printed)).toBe('re-rating: 25 %, 1 of 4 accounts');
    line.count(4, 4, 'accounts');
    line.end();
    line.end();
    expect(lineOf(printed)).toBe('re-rating: 100 %, 4 of 4 accounts, 0 s left');
    expect(printed.match(/\n/g)).toHaveLength(1);
  });

  it('is not there before there is something to say', () => {
    new ProgressLine('moving').end();
    expect(printed).toBe('');
  });
});

it('without a terminal, short work prints nothing', () => {
  setStderr(false);
  const line = new ProgressLine('verifying');
  line.count(1, 2, 'days');
  line.end();
  expect(printed).toBe('');
});
