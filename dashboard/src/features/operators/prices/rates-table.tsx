import { Table, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ScrolledTable } from '../../../ui/scrolled-table.tsx';
import { type Fault, faultAt, type Kind, KINDS, type Rates, withRate } from './draft.ts';

/** What the customer pays, and what the provider charges; without a cost, it is the price. */
interface PriceAndCost {
  readonly price: Rates;
  readonly cost?: Rates;
}

export interface RatesTableProps {
  readonly rates: PriceAndCost;
  readonly faults: readonly Fault[];
  readonly path: string;
  readonly onChange: (rates: PriceAndCost) => void;
}

const OF = ['price', 'cost'] as const;

/** The rates of a band or a window, each with what is wrong with it beside it. */
export function RatesTable({ rates, faults, path, onChange }: RatesTableProps) {
  const { t } = useTranslation('operators');
  const change = (of: (typeof OF)[number], kind: Kind, value: string) => {
    const next = withRate(rates[of], kind, value);
    if (of === 'price') return onChange({ ...rates, price: next ?? { input: '', output: '' } });
    const { cost: _before, ...rest } = rates;
    return onChange(next === undefined ? rest : { ...rest, cost: next });
  };
  return (
    <ScrolledTable label={t('draft.rates')} miw={460} verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('prices.kind')}</Table.Th>
          {OF.map((of) => (
            <Table.Th key={of} scope="col">
              {t(`prices.ofs.${of}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {KINDS.map((kind) => (
          <Table.Tr key={kind}>
            <Table.Th scope="row" fw={400}>
              {t(`prices.kinds.${kind}`)}
            </Table.Th>
            {OF.map((of) => (
              <Table.Td key={of}>
                <TextInput
                  aria-label={`${t(`prices.kinds.${kind}`)}, ${t(`prices.ofs.${of}`)}`}
                  inputMode="decimal"
                  size="xs"
                  value={rates[of]?.[kind] ?? ''}
                  error={faultAt(faults, `${path}.${of}.${kind}`)}
                  onChange={(event) => change(of, kind, event.currentTarget.value)}
                />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrolledTable>
  );
}
