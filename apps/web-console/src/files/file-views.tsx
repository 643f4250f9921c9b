import { Link } from '@tanstack/react-router';
import { visibleText } from '../format/visible-text.ts';
import { NextIcon } from '../ui/icons.ts';
import { crumbsOf, type FilesSearch } from './file-place.ts';

interface PlaceProps {
  readonly bucketName: string;
  readonly place: FilesSearch;
}

const views = [
  [undefined, 'Folders'],
  ['names', 'All names'],
  ['versions', 'Versions'],
  ['unfinished', 'Unfinished'],
] as const;

/** The ways to look at a folder; each has its address. */
export function FileViews({ bucketName, place: { prefix, search, show } }: PlaceProps) {
  return (
    <nav aria-label="What is listed" className="file-views">
      {views.map(([value, label]) => (
        <Link
          key={label}
          to="/buckets/$bucketName/files"
          params={{ bucketName }}
          search={{
            ...(prefix !== undefined && { prefix }),
            ...(search !== undefined && { search }),
            ...(value !== undefined && { show: value }),
          }}
          aria-current={show === value ? 'page' : undefined}
          className="file-view"
          activeOptions={{ exact: true }}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}

/** The way from the top of the bucket to the folder, every step a link. */
export function Breadcrumbs({ bucketName, place: { prefix = '', show } }: PlaceProps) {
  const crumbs = crumbsOf(prefix);
  const rest = prefix.slice(crumbs.at(-1)?.prefix.length ?? 0);
  // The heading of the page is the top.
  if (prefix === '') return null;
  const kept = show === undefined ? {} : { show };
  return (
    <nav aria-label="Folders" className="breadcrumbs">
      <ol>
        <li>
          <Link to="/buckets/$bucketName/files" params={{ bucketName }} search={kept} activeOptions={{ exact: true }}>
            {bucketName}
          </Link>
        </li>
        {crumbs.map(({ name, prefix: folder }, at) => (
          <li key={folder}>
            <NextIcon size={14} aria-hidden />
            <Link
              to="/buckets/$bucketName/files"
              params={{ bucketName }}
              search={{ ...kept, prefix: folder }}
              activeOptions={{ exact: true }}
              aria-current={at === crumbs.length - 1 && rest === '' ? 'page' : undefined}
            >
              <bdi className="name">{name === '' ? '/' : visibleText(name)}</bdi>
            </Link>
          </li>
        ))}
        {rest !== '' && (
          <li>
            <NextIcon size={14} aria-hidden />
            <bdi className="name">{visibleText(rest)}…</bdi>
          </li>
        )}
      </ol>
    </nav>
  );
}
