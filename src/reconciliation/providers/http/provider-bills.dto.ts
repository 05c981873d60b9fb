// What /api takes and answers about bills of providers.
import { usd } from '../../../kernel/index.js';
import {
  EnumField,
  JsonOrCsvField,
  ListQuery,
  ReasonField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownOrNull,
  ShownUsd,
  TextField,
  TextListField,
  UsdField,
} from '../../../platform/http/index.js';
import { BILL_FORMATS, type BillFormat, LINE_STATUSES, type LineStatus, TOKEN_KINDS, type TokenKind } from '../bill.js';
import { percentageOf } from '../compare.js';
import { type Cause, EXPLANATIONS } from '../explanations.js';
import { MOST_BYTES } from '../../job-files.js';
import { PROVIDER_RESOLUTIONS, type ProviderResolution } from '../provider-bill.events.js';
import { type BillImportRow, type BillLineRow, DIFFERENCE_STATES } from '../provider-bills.projection.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const day = { max: 10, pattern: DAY, message: 'must be a UTC day such as 2026-03-01' };

export class ImportProviderBill {
  @EnumField('whose format it has', BILL_FORMATS)
  readonly format!: BillFormat;

  @TextField('the channel that the bill is of', { min: 1, max: 100 })
  readonly channel!: string;

  @TextField('the name of the file, for the record', { min: 1, max: 200 })
  readonly name!: string;

  @TextField('the text of the file: a CSV, a page of JSON, a list of pages, or one page a line', {
    min: 1,
    max: MOST_BYTES,
  })
  readonly content!: string;

  @TextField('the first UTC day to compare; by default that of the bill', { ...day, optional: true })
  readonly from?: string;

  @TextField('the last UTC day to compare; by default that of the bill', { ...day, optional: true })
  readonly to?: string;

  @UsdField('up to which a difference of costs is none', { default: '0.01' })
  readonly tolerance: string = '0.01';

  @TextListField('columns of a CSV, such as `day=Date`', { max: 20, each: 200 })
  readonly columns: string[] = [];

  @TextListField('names of models in the bill that are others here, such as `claude-sonnet=claude-sonnet-4-5`', {
    max: 100,
    each: 200,
  })
  readonly models: string[] = [];
}

export class ProposeDifference {
  @EnumField('`book`: book the difference; `keep`: what was booked stays', PROVIDER_RESOLUTIONS)
  readonly resolution!: ProviderResolution;

  @ReasonField()
  readonly reason!: string;
}

export class DeclineDifference {
  @ReasonField()
  readonly reason!: string;
}

export class ProviderBillsQuery extends ListQuery {
  @TextField('of this channel only', { min: 1, max: 100, optional: true })
  readonly channel?: string;
}

export class DifferencesQuery extends ProviderBillsQuery {
  @EnumField('`open`: those that are to be closed; `all`: every model and day', ['open', 'all'], { default: 'open' })
  readonly show: 'open' | 'all' = 'open';

  @JsonOrCsvField('`csv`: all of them, as a file')
  readonly format: 'json' | 'csv' = 'json';
}

export class ProviderBill {
  @Shown()
  readonly id!: string;

  @ShownAlways('provider_bill')
  readonly object!: 'provider_bill';

  @Shown()
  readonly channel!: string;

  @ShownEnum(BILL_FORMATS)
  readonly format!: BillFormat;

  @Shown('its first UTC day')
  readonly from!: string;

  @Shown('its last UTC day')
  readonly to!: string;

  @ShownInteger('how many models and days were compared')
  readonly lines!: number;

  @ShownUsd('what was booked for these days')
  readonly booked!: string;

  @ShownOrNull('what the provider bills (USD, exact decimal); null for a bill without costs')
  readonly billed!: string | null;

  @ShownUsd('up to which a difference of costs is none')
  readonly tolerance!: string;

  @Shown('who imported it')
  readonly imported_by!: string;

  @ShownInstant('when')
  readonly imported_at!: string;
}

class TokensCompared {
  @ShownEnum(TOKEN_KINDS)
  readonly kind!: TokenKind;

  @ShownInteger()
  readonly booked!: number;

  @ShownInteger()
  readonly billed!: number;
}

class DifferenceExplanation {
  @ShownEnum(EXPLANATIONS)
  readonly cause!: Cause;

  @ShownInteger('how many calls')
  readonly calls!: number;

  @ShownUsd('what was booked for them; what was held for those without a charge')
  readonly amount!: string;

  @Shown('the first of them', { type: [String] })
  readonly charge_ids!: string[];
}

export class ProviderDifference {
  @Shown()
  readonly id!: string;

  @ShownAlways('provider_difference')
  readonly object!: 'provider_difference';

  @Shown('the bill that it was compared with last')
  readonly bill_id!: string;

  @Shown()
  readonly channel!: string;

  @Shown('the UTC day on which the calls were made')
  readonly day!: string;

  @Shown()
  readonly model!: string;

  @ShownEnum(LINE_STATUSES, 'how it compares')
  readonly status!: LineStatus;

  @ShownEnum(DIFFERENCE_STATES, 'what was done about the difference')
  readonly state!: BillLineRow['state'];

  @ShownInteger('how many calls were booked')
  readonly calls!: number;

  @ShownUsd('what was booked')
  readonly booked!: string;

  @ShownOrNull('what the provider bills (USD, exact decimal)')
  readonly billed!: string | null;

  @ShownOrNull('billed − booked (USD, exact decimal)')
  readonly difference!: string | null;

  @ShownOrNull('the difference as a percentage of what was booked')
  readonly percentage!: string | null;

  @ShownObject(TokensCompared, 'of the kinds that the bill counts', { isArray: true })
  readonly tokens!: TokensCompared[];

  @ShownObject(DifferenceExplanation, 'the calls that may explain it', { isArray: true })
  readonly explanations!: DifferenceExplanation[];

  @ShownOrNull('since when there has been a difference (ISO 8601)')
  readonly open_since!: string | null;

  @ShownEnum(PROVIDER_RESOLUTIONS, 'what was proposed', { nullable: true })
  readonly resolution!: ProviderResolution | null;

  @ShownOrNull()
  readonly reason!: string | null;

  @ShownOrNull('who proposed it')
  readonly requested_by!: string | null;

  @ShownOrNull('when they proposed it (ISO 8601): an approval can be tied to it')
  readonly proposed_at!: string | null;

  @ShownOrNull('who approved it')
  readonly approved_by!: string | null;

  @ShownOrNull('why they approved it')
  readonly approval_reason!: string | null;

  @ShownOrNull('when it was closed (ISO 8601)')
  readonly closed_at!: string | null;
}

export const showBill = ({ importId, by, at, billed, ...row }: BillImportRow): ProviderBill => ({
  id: importId,
  object: 'provider_bill',
  channel: row.channel,
  format: row.format,
  from: row.from,
  to: row.to,
  lines: row.lines,
  booked: row.booked,
  billed: billed ?? null,
  tolerance: row.tolerance,
  imported_by: by,
  imported_at: at,
});

export const showDifference = (row: BillLineRow): ProviderDifference => ({
  id: row.id,
  object: 'provider_difference',
  bill_id: row.importId,
  channel: row.channel,
  day: row.day,
  model: row.model,
  status: row.status,
  state: row.state,
  calls: row.calls,
  booked: row.booked,
  billed: row.billed ?? null,
  difference: row.difference ?? null,
  percentage: row.difference === undefined ? null : (percentageOf(usd(row.difference), usd(row.booked)) ?? null),
  tokens: [...row.tokens],
  explanations: row.explanations.map(({ cause, calls, amount, chargeIds }) => ({
    cause,
    calls,
    amount,
    charge_ids: [...chargeIds],
  })),
  open_since: row.openSince ?? null,
  resolution: row.resolution ?? null,
  reason: row.reason ?? null,
  requested_by: row.requestedBy ?? null,
  proposed_at: row.proposedAt ?? null,
  approved_by: row.approvedBy ?? null,
  approval_reason: row.approvalReason ?? null,
  closed_at: row.closedAt ?? null,
});
