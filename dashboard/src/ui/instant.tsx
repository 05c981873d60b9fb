import { Text, Tooltip } from '@mantine/core';
import { locale } from '../app/i18n.ts';

type Style = 'date' | 'minute' | 'second';
const STYLES = {
  date: { dateStyle: 'medium' },
  minute: { dateStyle: 'medium', timeStyle: 'short' },
  second: { dateStyle: 'medium', timeStyle: 'medium' },
} as const satisfies Record<Style, Intl.DateTimeFormatOptions>;

/** An instant in the words of the reader's language and time zone. */
export const instantText = (at: string, style: Style = 'minute'): string =>
  new Intl.DateTimeFormat(locale(), STYLES[style]).format(new Date(at));

/** An instant in the reader's time zone; in UTC, as the books have it, on hover. */
export function Instant({ at, style = 'minute' }: { readonly at: string | null | undefined; readonly style?: Style }) {
  if (at === null || at === undefined) return <span>–</span>;
  return (
    <Tooltip label={`${at.replace('T', ' ').replace(/(\.\d+)?Z$/, '')} UTC`}>
      <Text span inherit component="time" dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {instantText(at, style)}
      </Text>
    </Tooltip>
  );
}

/** A count in the reader's language. */
export const countText = (count: number | bigint): string => new Intl.NumberFormat(locale()).format(count);

/** A decimal string in the reader's language, such as "1,944.3". */
export const decimalText = (decimal: string): string =>
  new Intl.NumberFormat(locale()).format(decimal as Intl.StringNumericLiteral);

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** Words one after another, as the reader’s language separates them; a list of units has nothing between them in Chinese. */
export const listText = (words: readonly string[]): string =>
  new Intl.ListFormat(locale(), { type: 'conjunction', style: 'narrow' }).format(words);

/** A duration in its two largest units, such as "2 hours, 5 minutes". */
export function durationText(seconds: number): string {
  const parts: string[] = [];
  let left = seconds;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(unitText(count, unit));
  }
  if (parts.length === 0 || (parts.length === 1 && seconds < 3_600 && left > 0))
    parts.push(unitText(Math.round(left), 'second'));
  return new Intl.ListFormat(locale(), { type: 'unit', style: 'short' }).format(parts.slice(0, 2));
}

const unitText = (count: number, unit: string): string =>
  new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(count);
