import { screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changeLanguage, inWords } from '../app/i18n.ts';
import { show } from '../../test/render.tsx';
import { FailureNotice } from '../ui/failure-notice.tsx';
import { ApiFailure, faultOf } from './failure.ts';

const WINDOW = 'This purchase could be refunded until 2026-03-01T00:00:00.000Z.';

beforeEach(() => changeLanguage('zh'));
afterEach(() => changeLanguage('en'));

it.each([
  ['A refund must be more than zero, not $-2.50.', 'invalid_amount', '退款金额须大于零，不能是 $-2.50。'],
  ['"name": must have at most 100 characters', 'invalid_request', '最多 100 个字符。'],
  [
    '"amount": "ten" is not a decimal amount of US dollars, such as "12.50".',
    '',
    '"ten" 不是美元金额，正确的例如 "12.50"。',
  ],
])('says the very sentence in Chinese, with its figures: %s', (message, code, words) =>
  expect(inWords(message, code)).toBe(words),
);

it('says what a code means where its sentence has no words, with the figures of that', () => {
  expect(inWords(WINDOW, 'refund_window_over')).toBe('已超过可退款的期限：2026-03-01T00:00:00.000Z。');
  expect(inWords('Words that came later.', 'second_person_needed')).toBe('提议人不能自己批准，须由另一人批准。');
});

it.each([
  ['The provider reported no usage.', '供应商未报告用量。'],
  ['product_not_received', '未收到商品或服务'],
  ['succeeded', '成功'],
  ['prompt_tokens is missing in the usage block.', '用量数据中缺少 prompt_tokens。'],
  ['prompt_tokens is -3, not a plausible whole number of tokens.', 'prompt_tokens 为 -3，不是合理的 Token 数。'],
  [
    'charges-5 stopped at HoldReleased, revision 7 of account-a: Error: HoldReleased without a hold',
    'charges-5 在 account-a 的第 7 号事件（HoldReleased）处停止：Error: HoldReleased without a hold',
  ],
  [
    'balances-2 a: held differs; live: "0.00", rebuilt: "1.00"',
    'balances-2 a：held 不同；现值："0.00"，重建结果："1.00"',
  ],
])(
  'says in Chinese why a call was free or a rebuild failed, with names and the words of programs: %s',
  (message, words) => expect(inWords(message)).toBe(words),
);

it('keeps what staff wrote', () => {
  for (const text of ['The receipt is missing.', 'Paid by mistake: see ticket 12']) expect(inWords(text)).toBe(text);
});

it('keeps what it has no words for at all', () =>
  expect(inWords('Your card was declined.')).toBe('Your card was declined.'));

it('leaves English as it came', async () => {
  await changeLanguage('en');
  expect(inWords(WINDOW, 'refund_window_over')).toBe(WINDOW);
});

it('is what notices and fields show, also when the language changes meanwhile', async () => {
  const error = new ApiFailure('"reason": must say why', 400, 'invalid_request', 'reason');
  await show(<FailureNotice error={error} />);
  expect(screen.getByText('请说明原因。')).toBeDefined();
  expect(faultOf(error, 'reason')).toBe('请说明原因。');
  await changeLanguage('en');
  expect(await screen.findByText('"reason": must say why')).toBeDefined();
});
