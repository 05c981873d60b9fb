import { Button, Group, NumberInput, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../../ui/dialog.tsx';
import { type Band, type Fault, faultsBelow, type ModelPrices, type PriceWindow } from './draft.ts';
import { RatesTable } from './rates-table.tsx';
import { WindowEditor } from './window-editor.tsx';

export interface ModelEditorProps {
  readonly model: ModelPrices;
  readonly faults: readonly Fault[];
  /** Where the model stands in the draft, as the server names it. */
  readonly path: string;
  readonly onChange: (model: ModelPrices) => void;
  readonly close: () => void;
}

/** Every rate of a model, by size of the prompt and time of the week. */
export function ModelEditor({ model, faults, path, onChange, close }: ModelEditorProps) {
  const { t } = useTranslation('operators');
  const own = faultsBelow(faults, path).filter((fault) => !fault.path.startsWith(`${path}.bands[`));
  const { bands } = model;
  return (
    <Dialog opened onClose={close} title={model.model} size="xl">
      <Stack gap="lg">
        <Text size="sm">{t('draft.units')}</Text>
        {own.map(({ path: at, message }) => (
          <Text key={at} c="var(--mantine-color-error)" size="sm" role="alert">
            {message}
          </Text>
        ))}
        {bands.map((band, index) => (
          <BandEditor
            key={index}
            band={band}
            faults={faults}
            path={`${path}.bands[${index}]`}
            isLast={index === bands.length - 1}
            onChange={(next) => onChange({ ...model, bands: bands.with(index, next) })}
            remove={bands.length > 1 ? () => onChange({ ...model, bands: bands.toSpliced(index, 1) }) : undefined}
          />
        ))}
        <Group justify="space-between">
          <Button variant="default" onClick={() => onChange({ ...model, bands: withLargerPrompts(bands) })}>
            {t('draft.addBand')}
          </Button>
          <Button onClick={close}>{t('draft.done')}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

const USUAL_LIMIT = 200_000;

/** The last band gets a limit, and another one with its rates takes the prompts beyond it. */
function withLargerPrompts(bands: readonly Band[]): Band[] {
  const last = bands.at(-1);
  if (last === undefined) return [];
  const { price, cost } = last;
  return [...bands.slice(0, -1), { ...last, promptTokens: { '<=': USUAL_LIMIT } }, { price, ...(cost && { cost }) }];
}

interface BandEditorProps {
  readonly band: Band;
  readonly faults: readonly Fault[];
  readonly path: string;
  readonly isLast: boolean;
  readonly onChange: (band: Band) => void;
  readonly remove: (() => void) | undefined;
}

function BandEditor({ band, faults, path, isLast, onChange, remove }: BandEditorProps) {
  const { t } = useTranslation('operators');
  const windows = band.windows ?? [];
  const withWindows = (next: PriceWindow[]) => {
    const { windows: _before, ...rest } = band;
    onChange(next.length === 0 ? rest : { ...rest, windows: next });
  };
  const fault = faultsBelow(faults, `${path}.promptTokens`)[0]?.message;
  return (
    <section>
      <Group justify="space-between" align="flex-end" mb="sm">
        <Title order={3}>{bandName(band, t('draft.everyPrompt'))}</Title>
        {remove !== undefined && (
          <Button size="xs" variant="default" onClick={remove}>
            {t('draft.removeBand')}
          </Button>
        )}
      </Group>
      {(band.promptTokens !== undefined || !isLast) && (
        <NumberInput
          label={t('draft.limit')}
          value={limitOf(band)}
          error={fault}
          min={1}
          allowDecimal={false}
          maw={240}
          mb="sm"
          onChange={(value) => typeof value === 'number' && onChange({ ...band, promptTokens: { '<=': value } })}
        />
      )}
      <RatesTable rates={band} faults={faults} path={path} onChange={(next) => onChange({ ...band, ...next })} />
      {windows.map((window, index) => (
        <WindowEditor
          key={index}
          window={window}
          faults={faults}
          path={`${path}.windows[${index}]`}
          onChange={(next) => withWindows(windows.with(index, next))}
          remove={() => withWindows(windows.toSpliced(index, 1))}
        />
      ))}
      <Button
        size="xs"
        variant="default"
        mt="sm"
        onClick={() =>
          withWindows([
            ...windows,
            { from: '00:00', to: '08:00', price: band.price, ...(band.cost && { cost: band.cost }) },
          ])
        }
      >
        {t('draft.addWindow')}
      </Button>
    </section>
  );
}

const limitOf = ({ promptTokens: limit }: Band): number | string =>
  limit === undefined ? '' : '<' in limit ? limit['<'] - 1 : limit['<='];

const bandName = (band: Band, every: string): string => {
  const limit = limitOf(band);
  return limit === '' ? every : `≤ ${limit}`;
};
