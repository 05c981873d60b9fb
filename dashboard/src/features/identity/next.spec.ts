import { beforeEach, describe, expect, it } from 'vitest';
import { homeOf, loginSearch, pathOfOurs, workedIn } from './next.ts';

describe('where a login leads', () => {
  it.each(['/topup', '/keys?model=gpt-4o', '/docs/faq#refunds', '/'])('to a path of ours: %s', (path) =>
    expect(pathOfOurs(path)).toBe(path),
  );

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    'javascript:alert(1)',
    'topup',
    '',
    7,
    undefined,
  ])('never to another site: %j', (next) => expect(loginSearch({ next })).toEqual({}));
});

describe('the first page after a login', () => {
  beforeEach(() => localStorage.clear());

  it('is the work of each role, and of nobody’s the account', () => {
    expect([homeOf([]), homeOf(['finance']), homeOf(['operator'])]).toEqual(['/overview', '/finance', '/operator']);
  });

  it('is where somebody with several roles worked last', () => {
    expect(homeOf(['finance', 'operator'])).toBe('/finance');
    workedIn('operator');
    expect(homeOf(['finance', 'operator'])).toBe('/operator');
    expect(homeOf(['finance'])).toBe('/finance');
  });
});
