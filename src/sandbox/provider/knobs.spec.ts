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

  it('are read from JSON', () =>
    expect(parseKnobs({ tokens: 7, fault: ['hang'] })).toEqual({ tokens: 7, fault: ['hang'] }));

  it.each([{ fault: 'none' }, { fault: null }, { fault: '' }])('take %j as no fault', (source) =>
    expect(parseKnobs(source)).toEqual({ fault: [] }),
  );

  it.each(['delay=-1', 'delay=1.5', 'delay=', 'chunks=100001', 'volume=11', 'constructor=1', 'fault=sulk'])(
    'refuse %s',
    (source) => expect(() => parseKnobText(source)).toThrow(RangeError),
  );
});
