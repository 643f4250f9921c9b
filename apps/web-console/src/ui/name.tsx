import { visibleText } from '../format/visible-text.ts';

interface NameProps {
  /** A text that a user chose: a name, an info, an id. */
  readonly children: string;
  /** On one line, cut at its end; the whole of it appears with the pointer on it. Otherwise it breaks anywhere. */
  readonly oneLine?: boolean;
}

/** A text that a user chose, as text: isolated from the direction of what is around it, with nothing hidden in it. */
export function Name({ children, oneLine = false }: NameProps) {
  const text = visibleText(children);
  return (
    <bdi className={oneLine ? 'one-line' : 'name'} {...(oneLine && { title: text })}>
      {text}
    </bdi>
  );
}
