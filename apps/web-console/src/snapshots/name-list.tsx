import { Button } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Heading } from 'react-aria-components/Heading';
import { countOf, formatCount } from '../format/bytes.ts';
import { NextIcon } from '../ui/icons.ts';
import { Name } from '../ui/name.tsx';
import './name-list.css';

interface NameListProps {
  readonly title: string;
  /** The first few, or all. */
  readonly names: readonly string[];
  /** How many there are. */
  readonly count: number;
}

/** A list of names that opens. */
export function NameList({ title, names, count }: NameListProps) {
  return (
    <Disclosure className="name-list">
      <Heading level={3}>
        <Button slot="trigger" className="name-list-trigger">
          <NextIcon size={16} aria-hidden />
          {title}: {countOf(count, 'file')}
        </Button>
      </Heading>
      <DisclosurePanel>
        <ul className="name-list-names">
          {names.map((name) => (
            <li key={name}>
              <Name>{name}</Name>
            </li>
          ))}
          {count > names.length && <li className="soft">and {formatCount(count - names.length)} more</li>}
        </ul>
      </DisclosurePanel>
    </Disclosure>
  );
}
