// An explanation as a page of text: words first, then every number.
import type { ChargeExplanation, ExplainedEvent, ExplainedLine } from './explanation.dto.js';

export function explanationText(told: ChargeExplanation): string {
  const { price, usage, lines, slices, notes, events } = told;
  return [
    `Charge ${told.charge_id} of account ${told.account_id}`,
    `Request ${told.request_id}, key ${told.key_id}, model ${told.model}${told.provider ? `, answered by ${told.provider}` : ''}`,
    told.cost === null
      ? `Nothing is charged; $${told.held} was set aside.`
      : `It cost $${told.cost}; $${told.held} was set aside.`,
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
    ...(slices.length > 0
      ? section(
          'Taken from',
          slices.map(
            (slice) =>
              `${slice.kind} lot ${slice.lot_id}: $${slice.amount}, of $${slice.before}; $${slice.after} was left`,
          ),
        )
      : []),
    ...(told.by_hand ? section('By hand', [`${told.by_hand.actor}: ${told.by_hand.reason}`]) : []),
    ...events.flatMap(eventLines),
  ].join('\n');
}

const section = (head: string, lines: readonly string[]): string[] => ['', head, ...lines.map((line) => `  ${line}`)];

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
  `leaf ${index} of the tree over the log${size === null ? ', not sealed yet' : `, sealed by the checkpoint of ${size} events`}`;
