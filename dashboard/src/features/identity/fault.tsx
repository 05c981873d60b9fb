import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ApiFailure, codeOf, faultOf } from '../../api/failure.ts';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import type identity from './en.json';

type Code = keyof (typeof identity)['faults'];

/** What went wrong, in the words of these pages where they have some: /api speaks English, and to programs. */
export function Fault({ error }: { readonly error: unknown }) {
  const { t, i18n } = useTranslation('identity');
  const code = codeOf(error);
  if (!i18n.exists(`identity:faults.${code}`)) return <FailureNotice error={error} />;
  return <FaultText>{t(`faults.${code as Code}`)}</FaultText>;
}

/** The words for a code that another page was told. */
export function FaultOf({ code }: { readonly code: string | undefined }) {
  return code === undefined ? null : <Fault error={new ApiFailure('', 400, code)} />;
}

const FaultText = ({ children }: { readonly children: string }) => (
  <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />}>
    {children}
  </Alert>
);

/** The words for the field `name`, if the request failed for it. */
export function useFieldFault(error: unknown): (name: keyof (typeof identity)['invalid']) => string | undefined {
  const { t } = useTranslation('identity');
  return (name) => (faultOf(error, name) === undefined ? undefined : t(`invalid.${name}`));
}
