import { Card, NumberInput, Select, Stack, Text, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';

type Model = Schema<'PricedModel'>;

export interface Settings {
  readonly system: string;
  /** A number, or nothing as text. */
  readonly temperature: number | string;
  readonly maxTokens: number | string;
}

export interface ModelSettingsProps {
  readonly models: readonly Model[];
  readonly model: Model;
  readonly settings: Settings;
  readonly onModel: (name: string) => void;
  readonly onSettings: (settings: Settings) => void;
}

/** Which model is asked, what it costs, and how it is to answer. */
export function ModelSettings({ models, model, settings, onModel, onSettings }: ModelSettingsProps) {
  const { t } = useTranslation('usage');
  const change = (changed: Partial<Settings>) => onSettings({ ...settings, ...changed });
  return (
    <Card withBorder component="section" aria-label={t('playground.settings')}>
      <Stack>
        <Select
          label={t('column.model')}
          data={models.map(({ model: name }) => name)}
          value={model.model}
          onChange={(name) => name !== null && onModel(name)}
          searchable
          allowDeselect={false}
        />
        <Prices model={model} />
        <Textarea
          label={t('playground.system')}
          description={t('playground.systemHint')}
          value={settings.system}
          onChange={(event) => change({ system: event.currentTarget.value })}
          autosize
          minRows={2}
          maxRows={8}
        />
        <NumberInput
          label={t('playground.temperature')}
          description={t('playground.temperatureHint')}
          value={settings.temperature}
          onChange={(temperature) => change({ temperature })}
          min={0}
          max={2}
          step={0.1}
        />
        <NumberInput
          label={t('playground.maxTokens')}
          description={t('playground.maxTokensHint')}
          value={settings.maxTokens}
          onChange={(maxTokens) => change({ maxTokens })}
          min={1}
          step={100}
          allowDecimal={false}
        />
      </Stack>
    </Card>
  );
}

function Prices({ model: { model, bands } }: { readonly model: Model }) {
  const { t } = useTranslation('usage');
  const rates = bands[0]?.rates.filter(({ kind }) => kind === 'input' || kind === 'output') ?? [];
  return (
    <Text size="sm" component="div">
      {rates.map(({ kind, usd }) => (
        <div key={kind}>
          {t(kind === 'input' ? 'playground.input' : 'playground.output')} <Money amount={usd} />{' '}
          {t('playground.perMillion')}
        </div>
      ))}
      <Link to="/pricing/$model" params={{ model }} size="sm">
        {t('playground.allPrices')}
      </Link>
    </Text>
  );
}
