import { Button, Group, Select, Stack, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { Status } from '../../../ui/status.tsx';
import { type Draft, type Fault, faultsBelow, type ModelPrices } from './draft.ts';
import { ModelEditor } from './model-editor.tsx';
import { ModelsTable } from './models-table.tsx';

export interface DraftModelsProps {
  readonly draft: Draft;
  readonly faults: readonly Fault[];
  readonly onChange: (draft: Draft) => void;
  /** The model whose rates are open. */
  readonly edited: string | undefined;
  readonly edit: (model: string | undefined) => void;
}

/** The models of a draft: each can be edited, put on sale and taken off. */
export function DraftModels({ draft, faults, onChange, edited, edit }: DraftModelsProps) {
  const { t } = useTranslation('operators');
  const index = draft.models.findIndex(({ model }) => model === edited);
  const open = draft.models[index];
  const replace = (next: ModelPrices) => onChange({ ...draft, models: draft.models.with(index, next) });
  const act = (row: ModelPrices) => {
    const count = faultsBelow(faults, `models[${draft.models.indexOf(row)}]`).length;
    return (
      <Group gap="xs" wrap="nowrap">
        <Button
          size="xs"
          variant="default"
          onClick={() => edit(row.model)}
          aria-label={t('draft.editModel', { model: row.model })}
        >
          {t('draft.edit')}
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => onChange({ ...draft, models: draft.models.filter((each) => each !== row) })}
          aria-label={t('draft.removeModel', { model: row.model })}
        >
          {t('draft.remove')}
        </Button>
        {count > 0 && <Status tone="bad">{t('draft.faults', { count })}</Status>}
      </Group>
    );
  };
  return (
    <section>
      <Title order={2} mb="xs">
        {t('draft.models')}
      </Title>
      <Stack gap="md">
        <AddModel draft={draft} onChange={onChange} edit={edit} />
        <ModelsTable models={draft.models} act={act} />
      </Stack>
      {open !== undefined && (
        <ModelEditor
          model={open}
          faults={faults}
          path={`models[${index}]`}
          onChange={replace}
          close={() => edit(undefined)}
        />
      )}
    </section>
  );
}

function AddModel({ draft, onChange, edit }: Pick<DraftModelsProps, 'draft' | 'onChange' | 'edit'>) {
  const { t } = useTranslation('operators');
  const catalogue = api.useQuery('get', '/api/operator/price-lists/models');
  const there = new Set(draft.models.map(({ model }) => model));
  const others = catalogue.data?.data.filter(({ id }) => !there.has(id)) ?? [];
  if (others.length === 0) return null;
  return (
    <Select
      label={t('draft.add')}
      description={t('draft.addWhat')}
      placeholder={t('draft.choose')}
      searchable
      maw={480}
      value={null}
      data={others.map(({ id }) => id)}
      onChange={(id) => {
        const model = others.find((each) => each.id === id);
        if (model === undefined) return;
        onChange({ ...draft, models: [...draft.models, { model: model.id, bands: model.bands }] });
        edit(model.id);
      }}
    />
  );
}
