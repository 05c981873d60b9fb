import {
  Accordion,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf } from '../../api/failure.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { useFocusOnFault } from '../../ui/focus.ts';
import { BUDGETS, type KeyValues, RATES } from './key-values.ts';
import { useModels } from './use-models.ts';

export interface KeyFormProps {
  readonly values: KeyValues;
  /** What the button says. */
  readonly act: string;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly onSubmit: (values: KeyValues) => void;
  readonly onCancel: () => void;
}

const WHERE = ['allowed_models', 'allowed_ips'] as const;
const FIELDS = ['name', 'expires_at', ...BUDGETS, ...RATES, ...WHERE] as const;
/** Between addresses stands what does where people copy them from: files, columns of a table, Chinese text. */
const ADDRESSES = { placeholder: '203.0.113.0/24', splitChars: [',', '，', '、', ';', ' ', '\t', '\n'] };
/** What is folded away until somebody wants it. */
const SECTIONS = { budgets: BUDGETS, where: WHERE, rates: RATES } as const;

/** The settings of a key. All but the name limit it, and may be left empty. */
export function KeyForm({ values, act, isBusy, error, onSubmit, onCancel }: KeyFormProps) {
  const { t } = useTranslation('usage');
  const form = useForm<KeyValues>({
    initialValues: values,
    validate: { name: (name) => (name.trim() === '' ? t('key.nameMissing') : null) },
  });
  const formRef = useFocusOnFault(error);
  const [open, setOpen] = useState<string[]>([]);
  const isAtFault = (name: (typeof FIELDS)[number]) => faultOf(error, name) !== undefined;
  const faulty = Object.entries(SECTIONS).flatMap(([section, names]) => (names.some(isAtFault) ? [section] : []));
  const models = useModels(values.allowed_models);
  const field = (name: (typeof FIELDS)[number]) => ({
    label: t(`key.${name}`),
    ...form.getInputProps(name),
    error: form.errors[name] ?? faultOf(error, name),
  });
  return (
    <form ref={formRef} onSubmit={form.onSubmit(onSubmit, () => form.getInputNode('name')?.focus())} noValidate>
      <Stack>
        <TextInput {...field('name')} description={t('key.nameHint')} required maxLength={100} data-autofocus />
        <TextInput {...field('expires_at')} description={t('key.expiresHint')} type="date" />
        <Accordion
          multiple
          variant="separated"
          chevronPosition="left"
          order={3}
          value={[...new Set([...open, ...faulty])]}
          onChange={setOpen}
          transitionDuration={0} // so that a field that is at fault can take the focus at once
        >
          <Accordion.Item value="budgets">
            <Accordion.Control>{t('key.budgets')}</Accordion.Control>
            <Accordion.Panel>
              <SimpleGrid cols={{ base: 1, xs: 2 }}>
                {BUDGETS.map((name) => (
                  <TextInput
                    key={name}
                    {...field(name)}
                    leftSection="$"
                    inputMode="decimal"
                    placeholder={t('key.none')}
                  />
                ))}
              </SimpleGrid>
            </Accordion.Panel>
          </Accordion.Item>
          <Accordion.Item value="where">
            <Accordion.Control>{t('key.where')}</Accordion.Control>
            <Accordion.Panel>
              <Stack>
                <MultiSelect {...field('allowed_models')} data={models} searchable placeholder={t('key.allModels')} />
                <TagsInput {...ADDRESSES} {...field('allowed_ips')} description={t('key.ipsHint')} />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
          <Accordion.Item value="rates">
            <Accordion.Control>{t('key.rates')}</Accordion.Control>
            <Accordion.Panel>
              <SimpleGrid cols={{ base: 1, xs: 3 }}>
                {RATES.map((name) => (
                  <NumberInput key={name} {...field(name)} min={1} allowDecimal={false} placeholder={t('key.usual')} />
                ))}
              </SimpleGrid>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {!FIELDS.some(isAtFault) && <FailureNotice error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel} disabled={isBusy}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {act}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
