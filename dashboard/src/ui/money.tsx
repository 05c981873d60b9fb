import { Text, Tooltip } from '@mantine/core';
import { locale } from '../app/i18n.ts';

const MOST_DIGITS = 18;

/** Intl takes decimal strings as they are (ECMA-402, Intl mathematical values): no digit is lost on the way. */
const written = (amount: string, currency: string, digits: { from: number; to: number }): string =>
  new Intl.NumberFormat(locale(), {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits.from,
    maximumFractionDigits: digits.to,
    roundingMode: 'trunc',
  }).format(amount as Intl.StringNumericLiteral);

/** Below a cent, what counts is behind the second digit. */
const isSmall = (amount: string): boolean => /^-?0\.00\d*[1-9]/.test(amount);

/** An amount as short as it reads well, cut off and never rounded up. */
export const shortMoney = (amount: string, currency = 'USD'): string =>
  written(amount, currency, { from: 2, to: isSmall(amount) ? 6 : 2 });

/** An amount with every digit it has. */
export const wholeMoney = (amount: string, currency = 'USD'): string =>
  written(amount, currency, { from: 2, to: MOST_DIGITS });

export interface MoneyProps {
  /** A decimal string, as /api tells it; null where there is none. */
  readonly amount: string | null | undefined;
  /** ISO 4217. */
  readonly currency?: string;
  /** Shows every digit at once. */
  readonly whole?: boolean;
}

/** An amount of money: short, with all of its digits on hover and focus. */
export function Money({ amount, currency = 'USD', whole = false }: MoneyProps) {
  if (amount === null || amount === undefined) return <span>–</span>;
  const all = wholeMoney(amount, currency);
  const short = whole ? all : shortMoney(amount, currency);
  const text = (
    <Text span inherit style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
      {short}
    </Text>
  );
  if (short === all) return text;
  return (
    <Tooltip label={all} events={{ hover: true, focus: true, touch: true }}>
      <span tabIndex={0} role="note" aria-label={all}>
        {text}
      </span>
    </Tooltip>
  );
}
