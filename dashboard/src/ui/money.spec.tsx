import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { show } from '../../test/render.tsx';
import { Money, shortMoney, wholeMoney } from './money.tsx';

describe('an amount', () => {
  it('is short, cut off and never rounded up', () => {
    expect(shortMoney('1234567.899999999999')).toBe('$1,234,567.89');
    expect(shortMoney('-0.5')).toBe('-$0.50');
    expect(shortMoney('0')).toBe('$0.00');
    expect(shortMoney('36.00', 'CNY')).toBe('¥36.00');
  });

  it('shows more digits where there is nothing in the first two', () => {
    expect(shortMoney('0.000005100000')).toBe('$0.000005');
  });

  it('keeps every digit, more than a number of JavaScript holds', () => {
    expect(wholeMoney('12345678901234567.123456789012')).toBe('$12,345,678,901,234,567.123456789012');
  });

  it('tells all of its digits to those who point at it or can’t see it', async () => {
    await show(<Money amount="4.123456789012" />);
    expect(screen.getByLabelText('$4.123456789012').textContent).toBe('$4.12');
  });

  it('is a dash where there is none', async () => {
    await show(<Money amount={null} />);
    expect(screen.getByText('–')).toBeDefined();
  });
});
