import { Link } from '../../../ui/link.tsx';

const SHORT = 10;

/** The way to a top-up, by its shortened id; the whole of it on hover. */
export const TopupLink = ({ id }: { readonly id: string }) => (
  <Link to="/finance/topups/$id" params={{ id }} title={id} ff="monospace" size="sm">
    {id.slice(0, SHORT)}…
  </Link>
);
