import { describe, expect, it } from 'vitest';
import { parseKnobs, parseKnobText, readDirective } from './knobs.js';

describe('sandbox knobs', () => {
  it('are read from a directive, which is taken out of the message', () =>
    expect(readDirective('Hi [[sandbox delay=200 chunks=64 fault=crlf,split_frames]]')).toEqual({
      knobs: { delay: 200, chunks: 64, fault: ['crlf', 'split_frames'] },
      rest: 'Hi',
    }));

  it.each(['Hello', 'Hello [[sandbox', '[[sandboxes]]', '[[sandbox two words]]'])('are not found in %j', (message) =>
    expect(readDirective(message)).toEqual({ knobs: undefined, rest: message }),
  );

  it('ask for calls, whose arguments are encoded as in a URL', () => {
    const input = JSON.stringify({ command: "printf '[1, 2]' > a(1).txt", n: 1 });
    const call = `read:${encodeURIComponent(input)},apply_patch:${encodeURIComponent('*** Begin Patch\n')}`;
    expect(readDirective(`Do it. [[sandbox delay=1 call=${call}]]`)).toEqual({
      knobs: {
        delay: 1,
        call: [
          { name: 'read', input },
          { name: 'apply_patch', input: '*** Begin Patch\n' },
        ],
      },
      rest: 'Do it.',
    });
  });

  it('are read from JSON', () =>
    expect(parseKnobs({ tokens: 7, fault: ['hang'] })).toEqual({ tokens: 7, fault: ['hang'] }));

  it.each([{ fault: 'none' }, { fault: null }, { fault: '' }])('take %j as no fault', (source) =>
    expect(parseKnobs(source)).toEqual({ fault: [] }),
  );

  it.each([
    'delay=-1',
    'delay=1.5',
    'delay=',
    'chunks=100001',
    'volume=11',
    'constructor=1',
    'fault=sulk',
    'call=read',
    'call=',
    'call=read:%',
  ])('refuse %s', (source) => expect(() => parseKnobText(source)).toThrow(RangeError));
});
