import { pino } from 'pino';
import { expect, it } from 'vitest';
import { plainLines } from './logger.js';

it('writes plain lines as all others are written', () => {
  const lines: string[] = [];
  const logger = pino(
    { base: undefined, timestamp: () => ',"time":"now"' },
    { write: (line) => void lines.push(line) },
  );
  const plain = plainLines(logger);
  const fields = {
    requestId: 'req_1',
    chargeId: undefined,
    totalMs: 12,
    reason: 'said "no"\n',
    ratio: NaN,
    msg: 'call',
  };
  for (const each of [logger, plain]) {
    each.info(fields);
    each.warn(fields);
    each.debug(fields);
  }
  expect(lines).toHaveLength(4);
  expect(lines.slice(2)).toEqual(lines.slice(0, 2));
});
