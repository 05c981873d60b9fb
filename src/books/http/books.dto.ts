// What /api takes and answers about reports of the books.
import { usd } from '../../kernel/index.js';
import {
  type CsvRow,
  EnumField,
  InstantField,
  JsonOrCsvField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownOrNull,
  ShownUsd,
  TextField,
} from '../../platform/http/index.js';
import { DATE_BASES, type DateBasis } from '../booked-entries.js';
import { ACCOUNT_TYPES, type AccountType } from '../chart.js';
import { TAX_EXEMPT } from '../journal/daily-layouts.js';
import { EXPORT_FORMATS, type ExportFormat } from '../journal/journal-file.js';
import { CREDIT_KINDS, type RollForwardRow } from '../reports/roll-forward.js';

const FROM = 'the first instant of the period; from the beginning without it';
const TO = 'the first instant after the period; up to now without it';

export class BooksReportQuery {
  @InstantField(FROM, { optional: true })
  readonly from?: string;

  @InstantField(TO, { optional: true })
  readonly to?: string;

  @EnumField('which date of an entry counts: when it was booked, or when it was earned', DATE_BASES, {
    default: 'posting',
  })
  readonly by: DateBasis = 'posting';

  @JsonOrCsvField('`csv`: every row, as a file')
  readonly format: 'json' | 'csv' = 'json';
}

export class RollForwardQuery extends BooksReportQuery {
  @TextField('of this account only', { min: 1, max: 100, optional: true })
  readonly account_id?: string;
}

export class JournalQuery {
  @EnumField('for which program', EXPORT_FORMATS)
  readonly format!: ExportFormat;

  @InstantField(`${FROM}. All formats but \`quickbooks\` and \`xero\` start with opening balances`, { optional: true })
  readonly from?: string;

  @InstantField(TO, { optional: true })
  readonly to?: string;

  @TextField('ISO 4217: of `quickbooks` and `xero`, which take one currency at a time', {
    max: 3,
    pattern: /^[A-Z]{3}$/,
    message: 'must be a currency such as USD',
    default: 'USD',
  })
  readonly currency: string = 'USD';

  @TextField('of `xero`: the name of the tax rate of every line, as the organisation has it', {
    min: 1,
    max: 100,
    default: TAX_EXEMPT,
  })
  readonly tax_rate: string = TAX_EXEMPT;
}

class ChartAccount {
  @Shown('its number, for programs that know accounts by numbers')
  readonly code!: string;

  @Shown('its name')
  readonly account!: string;

  @ShownEnum(ACCOUNT_TYPES)
  readonly type!: AccountType;

  @Shown()
  readonly description!: string;
}

export class ChartOfAccounts {
  @ShownAlways('chart_of_accounts')
  readonly object!: 'chart_of_accounts';

  @ShownObject(ChartAccount, 'the accounts, by number', { isArray: true })
  readonly data!: readonly ChartAccount[];
}

/** Of what a report is. */
class BooksReport {
  @ShownOrNull('the first instant of the period; null from the beginning')
  readonly from!: string | null;

  @ShownInstant('the first instant after the period')
  readonly to!: string;

  @ShownEnum(DATE_BASES, 'which date of an entry counts')
  readonly by!: DateBasis;
}

class TrialBalanceFigures {
  @Shown('ISO 4217')
  readonly currency!: string;

  @Shown('the balance at the start: a decimal of the currency, credit balances negative')
  readonly opening!: string;

  @Shown('what the period debited')
  readonly debits!: string;

  @Shown('what the period credited: not negative')
  readonly credits!: string;

  @Shown('the balance at the end')
  readonly balance!: string;
}

class TrialBalanceLine extends TrialBalanceFigures {
  @Shown('the number of the account')
  readonly code!: string;

  @ShownEnum(ACCOUNT_TYPES)
  readonly type!: AccountType;

  @Shown('its name')
  readonly account!: string;
}

export class TrialBalanceReport extends BooksReport {
  @ShownAlways('trial_balance')
  readonly object!: 'trial_balance';

  @ShownInteger('entries up to the end of the period')
  readonly entries!: number;

  @Shown('whether it sums to zero in every currency')
  readonly balanced!: boolean;

  @ShownObject(TrialBalanceFigures, 'all accounts together, by currency', { isArray: true })
  readonly totals!: readonly TrialBalanceFigures[];

  @ShownObject(TrialBalanceLine, 'a line for each account and currency that was ever moved', { isArray: true })
  readonly data!: readonly TrialBalanceLine[];
}

class RollForwardLine {
  @Shown('an account; `all` for all of them')
  readonly account_id!: string;

  @ShownEnum(CREDIT_KINDS, 'paid credit less what customers owe, bonus credit, or both')
  readonly kind!: RollForwardRow['kind'];

  @ShownUsd('what was owed at the start')
  readonly opening!: string;

  @ShownUsd('credit bought')
  readonly topups!: string;

  @ShownUsd('credit granted')
  readonly bonus!: string;

  @ShownUsd('calls')
  readonly usage!: string;

  @ShownUsd('calls whose price was corrected')
  readonly rerated!: string;

  @ShownUsd('refunds, when their money leaves')
  readonly refunds!: string;

  @ShownUsd('credit that expired')
  readonly expiry!: string;

  @ShownUsd('disputed money taken and given back')
  readonly disputes!: string;

  @ShownUsd('corrections by hand')
  readonly adjustments!: string;

  @ShownUsd('anything else')
  readonly other!: string;

  @ShownUsd('what is owed at the end')
  readonly closing!: string;
}

export class RollForwardReport extends BooksReport {
  @ShownAlways('roll_forward')
  readonly object!: 'roll_forward';

  @ShownObject(
    RollForwardLine,
    'the account that was asked for, or all accounts together: each kind of credit, then both',
    {
      isArray: true,
    },
  )
  readonly data!: readonly RollForwardLine[];
}

class RevenueLine {
  @Shown()
  readonly model!: string;

  @ShownInteger('the version of the price list; null for what providers billed otherwise', { nullable: true })
  readonly price_version!: number | null;

  @ShownInteger('charges')
  readonly calls!: number;

  @ShownInteger('charges that were rated again to this version')
  readonly rerated!: number;

  @ShownUsd('what customers paid')
  readonly revenue!: string;

  @ShownUsd('what the calls cost us')
  readonly provider_cost!: string;

  @ShownUsd('revenue less provider cost')
  readonly margin!: string;

  @ShownOrNull('the margin in per cent of the revenue, two decimals; null without revenue')
  readonly margin_percent!: string | null;
}

export class RevenueReport extends BooksReport {
  @ShownAlways('revenue')
  readonly object!: 'revenue';

  @ShownObject(RevenueLine, 'by model and price version', { isArray: true })
  readonly data!: readonly RevenueLine[];
}

class BreakageLine {
  @Shown('the UTC month, such as 2026-03')
  readonly month!: string;

  @ShownEnum(['paid', 'bonus'], 'the kind of credit')
  readonly kind!: 'paid' | 'bonus';

  @ShownInteger('lots of credit that expired')
  readonly expiries!: number;

  @ShownUsd('what was left of them')
  readonly amount!: string;
}

export class BreakageReport extends BooksReport {
  @ShownAlways('breakage')
  readonly object!: 'breakage';

  @ShownObject(BreakageLine, 'by month and kind of credit', { isArray: true })
  readonly data!: readonly BreakageLine[];
}

/** A row for a file: its amounts as numbers, as `csvFile` takes them. */
export function csvRow(row: Readonly<Record<string, string | number | null>>, amounts: readonly string[]): CsvRow {
  const figures = amounts.map((name): [string, bigint | null] => {
    const decimal = row[name] ?? null;
    return [name, decimal === null ? null : usd(String(decimal))];
  });
  return { ...row, ...Object.fromEntries(figures) };
}
