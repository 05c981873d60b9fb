// The layouts of daily journals for QuickBooks Online and Xero.
import type { BookAccount } from '../../ledger/index.js';
import { codeOf } from '../chart.js';

export const DAILY_FORMATS = ['quickbooks', 'xero'] as const;
export type DailyFormat = (typeof DAILY_FORMATS)[number];

/** The tax rate of a line of Xero, unless the organisation names the one that it uses otherwise. */
export const TAX_EXEMPT = 'Tax Exempt';

/** A line of a day's entry. */
interface DailyLine {
  readonly day: string;
  readonly currency: string;
  readonly account: BookAccount;
  /** Debits positive. */
  readonly cents: bigint;
}

interface DailyLayout {
  /** The columns that an importer assigns by themselves, as the maker's own sample file names them. */
  readonly columns: readonly string[];
  readonly cells: (line: DailyLine, taxRate: string) => readonly string[];
}

export const dailyLayouts: Readonly<Record<DailyFormat, DailyLayout>> = {
  // The columns are those of Intuit's sample file, which its import page offers. Lines of one number are one entry; a colon stands between an
  // account and its subaccount; an amount is in one of two columns and not negative.
  // https://quickbooks.intuit.com/learn-support/en-au/help-article/import-export-files/import-journal-entries-quickbooks-online/L4tQBwbs7_AU_en_AU
  quickbooks: {
    columns: [
      '*JournalNo',
      '*JournalDate',
      '*AccountName',
      '*Debits',
      '*Credits',
      'Description',
      'Name',
      'Currency',
      'Location',
      'Class',
    ],
    cells({ day, currency, account, cents }) {
      const [debit, credit] = cents < 0n ? ['', decimal(-cents)] : [decimal(cents), ''];
      const [year, month, date] = day.split('-');
      const number = `TH-${year}${month}${date}-${currency}`;
      const text = `token-hub ${day}`;
      return [number, `${month}/${date}/${year}`, account, debit, credit, text, '', currency, '', ''];
    },
  },
  // The columns are those of Xero's template. Lines of one narration and date are one journal; a debit is positive; the tax rate is the full
  // name of one in the settings of the organisation; at most 300 lines a file. https://help.xero.com/nz/ManualJournalsImport
  xero: {
    columns: [
      '*Narration',
      '*Date',
      'Description',
      '*AccountCode',
      '*TaxRate',
      '*Amount',
      'TrackingName1',
      'TrackingOption1',
      'TrackingName2',
      'TrackingOption2',
    ],
    cells({ day, currency, account, cents }, taxRate) {
      const date = day.split('-').toReversed().join('/');
      const narration = `token-hub ${day} ${currency}`;
      return [narration, date, account, codeOf(account), taxRate, decimal(cents), '', '', '', ''];
    },
  },
};

/** RFC 4180: only the name of a tax rate may need quotes. */
export const row = (cells: readonly string[]): string =>
  cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join();

function decimal(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
