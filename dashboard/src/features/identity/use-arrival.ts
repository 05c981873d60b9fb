import { useRouter } from '@tanstack/react-router';
import { changeLanguage } from '../../app/i18n.ts';
import { meQuery, queryClient, sessionChanged, sessionQuery } from '../../api/client.ts';
import { homeOf, pathOfOurs } from './next.ts';

/** To be called after a login: shows the pages in the person's language, and goes to where they wanted, or work. */
export function useArrival(wanted: string | undefined): () => Promise<void> {
  const router = useRouter();
  const next = pathOfOurs(wanted);
  return async () => {
    await sessionChanged();
    const { code_required: waits, language } = await queryClient.ensureQueryData(sessionQuery);
    if (language !== null) await changeLanguage(language);
    const asked = next === undefined ? '' : `?next=${encodeURIComponent(next)}`;
    router.history.replace(
      waits ? `/second-factor${asked}` : (next ?? homeOf((await queryClient.ensureQueryData(meQuery)).roles)),
    );
  };
}
