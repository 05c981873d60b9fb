// The section of docs/api.md that says what works with which client.
import { withSection } from '../section.js';
import { FEATURES, type Feature, type Findings } from './features.js';

/** The page with its section of client libraries as it was found now. @throws Error when the page has no place for it */
export const withTable = (page: string, findings: readonly Findings[]): string =>
  withSection(page, 'conformance', section(findings));

function section(findings: readonly Findings[]): string {
  const rows = FEATURES.filter((feature) => findings.some(({ found }) => found.has(feature)));
  const lines = [
    ['', ...findings.map(({ name }) => name)],
    ['---', ...findings.map(() => ':-:')],
    ...rows.map((feature) => [feature, ...findings.map(({ found }) => mark(found.get(feature)))]),
    ['works', ...findings.map(({ found }) => percentage([...found.values()]))],
  ].map((cells) => `| ${cells.join(' | ')} |`);
  const all = findings.flatMap(({ found }) => [...found.values()]);
  return [
    `✓ works, ✗ does not, empty: the client has no such thing. ${percentage(all)} of all work.`,
    lines.join('\n'),
    `Tested: ${findings.map(({ name, packages }) => `${name}: ${packages.join(', ')}`).join('; ')}.`,
    ...findings.flatMap(({ note }) => (note === undefined ? [] : [`${note}.`])),
    `What does not work, and what the client says then:`,
    rows.flatMap((feature) => faultsOf(feature, findings)).join('\n'),
  ].join('\n\n');
}

const mark = (found: true | string | undefined): string => (found === undefined ? '' : found === true ? '✓' : '✗');

/** Rounded down, so that 100% means all. */
const percentage = (found: readonly (true | string)[]): string =>
  `${Math.floor((100 * found.filter((one) => one === true).length) / found.length)}%`;

/** One line for each fault; clients that say the same share it. */
function faultsOf(feature: Feature, findings: readonly Findings[]): string[] {
  const faults = findings.flatMap(({ name, found }) => {
    const fault = found.get(feature);
    return typeof fault === 'string' ? [{ name, fault }] : [];
  });
  return [...Map.groupBy(faults, ({ fault }) => fault)].map(
    ([fault, clients]) =>
      `- ${feature}, ${clients.map(({ name }) => name).join(', ')}: \`${fault.replaceAll('`', "'")}\``,
  );
}
