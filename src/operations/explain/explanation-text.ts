// An explanation as a page of text: words first, then every number.
import { countOf, formatUsd, magnitude, usd, ZERO } from '../../kernel/index.js';
import type { ExplainedLine, ExplainedSlice } from './explained-price.dto.js';
import type { ExplainedRerating } from './explained-rerating.dto.js';
import type { ChargeExplanation, ExplainedEvent } from './explanation.dto.js';

export function explanationText(told: ChargeExplanation): string {
  const { price, usage, lines, slices, notes, events, reratings } = told;
  return [
    `Charge ${told.charge_id} of account ${told.account_id}`,
    `Request ${told.request_id}, key ${told.key_id}, model ${told.model}${told.provider ? `, answered by ${told.provider}` : ''}`,
    told.cost === null
      ? `Nothing is charged; $${told.held} was set aside.`
      : `It cost $${told.cost}; $${told.held} was set aside.`,
    ...(reratings.length > 0 ? [`Its price was corrected since: now it costs $${told.cost_now}.`] : []),
    ...notes,
    ...(told.release_detail === undefined ? [] : [`(${told.release_detail})`]),
    ...(usage
      ? section('Usage', [
          `as the provider sent it: ${JSON.stringify(usage.raw)}`,
          `in normal form: ${countsOf(usage.normalised)}`,
          usage.follows_from_raw
            ? 'The one follows from the other.'
            : 'The one does NOT follow from the other: see what "tokenhub verify" says.',
        ])
      : []),
    ...(price ? section('Price', price.why.split(/(?<=\.) /)) : []),
    ...(lines.length > 0 ? section('What the customer pays', table(lines, 'rate', 'amount', told.cost)) : []),
    ...(told.provider_cost === undefined
      ? []
      : section('What the provider charges us', table(lines, 'provider_rate', 'provider_amount', told.provider_cost))),
    ...(slices.length > 0 ? section('Taken from', slices.map(takenFrom)) : []),
    ...(told.by_hand ? section('By hand', [`${told.by_hand.actor}: ${told.by_hand.reason}`]) : []),
    ...events.flatMap((event) => [
      ...reratings.filter(({ revision }) => revision === event.revision).flatMap(reratingLines),
      ...eventLines(event),
    ]),
  ].join('\n');
}

const section = (head: string, lines: readonly string[]): string[] => ['', head, ...lines.map((line) => `  ${line}`)];

const takenFrom = ({ kind, lot_id, amount, before, after }: ExplainedSlice): string =>
  `${kind} lot ${lot_id}: $${amount}, of $${before}; $${after} was left`;

function reratingLines(told: ExplainedRerating): string[] {
  const { price, lines, taken, given_back, new_lots } = told;
  return [
    ...section(`Priced again at ${told.at} by run ${told.run_id}`, decisionLines(told)),
    ...section(
      'Its new price',
      price.why.split(/(?<=\. )/).map((sentence) => sentence.trim()),
    ),
    ...section('What the customer pays from then on', [
      ...table(lines, 'rate', 'amount', told.due),
      ...moneyLines(told),
    ]),
    ...(told.provider_cost === undefined
      ? []
      : section('What the provider charges us from then on', [
          ...table(lines, 'provider_rate', 'provider_amount', told.provider_cost),
          `It was $${told.previous_provider_cost} before.`,
        ])),
    ...(taken.length > 0 ? section('Taken from', taken.map(takenFrom)) : []),
    ...(given_back.length + new_lots.length > 0
      ? section('Given back to', [
          ...given_back.map(
            ({ kind, lot_id, amount, before, after }) =>
              `${kind} lot ${lot_id}: $${amount}, which had $${before} and has $${after}`,
          ),
          ...new_lots.map(
            ({ kind, lot_id, instead_of, amount, expires_at }) =>
              `a new ${kind} lot ${lot_id} of $${amount} until ${expires_at}, ${instead_of === null ? 'for a debt that was paid off since' : `as lot ${instead_of} has expired or was refunded`}`,
          ),
        ])
      : []),
  ];
}

const decisionLines = ({ proposed_by, approved_by, reason, reverses, ...told }: ExplainedRerating): string[] => [
  ...(proposed_by === undefined
    ? []
    : [
        proposed_by === null || approved_by === null
          ? 'The ledger does NOT say who decided on this run: see what "tokenhub verify" says.'
          : `Proposed by ${proposed_by}, approved by ${approved_by}: ${reason}`,
      ]),
  ...(reverses === null ? [] : [`It undoes run ${reverses}.`]),
  `Price list ${told.previous_price_version} before, price list ${told.price.version} from then on.`,
];

/** From what the usage comes to, to what is booked. */
function moneyLines({ absorbed, policy, cost, previous_cost, difference, debt }: ExplainedRerating): string[] {
  const [change, owed] = [usd(difference), usd(debt)];
  const dollars = (amount: typeof change): string => `$${formatUsd(magnitude(amount))}`;
  return [
    ...(usd(absorbed) === ZERO ? [] : [`Of that $${absorbed} is not charged${policy === null ? '' : ` (${policy})`}.`]),
    `It cost $${previous_cost} before and $${cost} from then on: ${change === ZERO ? 'nothing moves' : `${dollars(change)} ${change < ZERO ? 'goes back' : 'more is charged'}`}.`,
    ...(owed > ZERO ? [`No credit was left for ${dollars(owed)}: the balance went below zero by that.`] : []),
    ...(owed < ZERO ? [`${dollars(owed)} of the debt of the account is gone.`] : []),
  ];
}

const countsOf = (usage: object): string =>
  Object.entries(usage)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** The multiplications, one below the other, and their sum. */
function table(
  lines: readonly ExplainedLine[],
  rate: 'rate' | 'provider_rate',
  amount: 'amount' | 'provider_amount',
  sum: string | null,
): string[] {
  const cells = lines.map((line) => [line.count, line.kind, `$${line[rate]}`, `$${line[amount]}`] as const);
  const width = (column: 0 | 1 | 2): number => Math.max(...cells.map((row) => row[column].length));
  const [counts, kinds, rates] = [width(0), width(1), width(2)];
  return [
    ...cells.map(
      ([count, kind, each, product]) =>
        `${count.padStart(counts)} ${kind.padEnd(kinds)} × ${each.padEnd(rates)} = ${product}`,
    ),
    `${'sum'.padEnd(counts + kinds + rates + 4)} = $${sum}`,
  ];
}

const eventLines = (event: ExplainedEvent): string[] =>
  section(`${event.type}, revision ${event.revision} of ${event.stream}`, [
    `at ${event.at}, recorded ${event.recorded_at}${event.position === undefined ? '' : `, position ${event.position}`}`,
    `id ${event.id}`,
    `hash ${event.hash}`,
    `after ${event.previous_hash}`,
    ...(event.tree ? [placeOf(event.tree)] : []),
    ...(event.postings ?? []).map(({ account, amount, currency }) => `books ${account} ${amount} ${currency}`),
  ]);

const placeOf = ({ index, sealed_by_size: size }: NonNullable<ExplainedEvent['tree']>): string =>
  `leaf ${index} of the tree over the log${size === null ? ', not sealed yet' : `, sealed by the checkpoint of ${countOf(size, 'event')}`}`;
