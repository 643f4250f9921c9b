import { useId } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/fields.tsx';
import { AddIcon, DeleteIcon } from '../../ui/icons.ts';
import type { Pair } from './pairs.ts';

interface PairsFieldProps {
  readonly label: string;
  readonly description: string;
  /** What a pair is called: "a header". */
  readonly one: string;
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
  readonly error: string | undefined;
  readonly isReadOnly?: boolean;
  /** Whether the values are shown as dots. */
  readonly areSecret?: boolean;
  /** The number of pairs that there may be. */
  readonly most: number;
}

/** Names and values below each other, with buttons that add and remove them. */
export function PairsField(props: PairsFieldProps) {
  const { label, description, one, pairs, onChange, error, isReadOnly = false, areSecret = false, most } = props;
  const id = useId();
  const changed = (index: number, pair: Pair): void => {
    onChange(pairs.map((before, place) => (place === index ? pair : before)));
  };
  return (
    <div className="field pairs" role="group" aria-labelledby={id} aria-describedby={`${id}-description`}>
      <span id={id} className="pairs-label">
        {label}
      </span>
      <span id={`${id}-description`} className="description">
        {description}
      </span>
      {pairs.map(([name, value], index) => (
        // Rows have nothing by which they could be told from each other but their place.
        <div key={index} className="pair">
          <TextField
            label={`Name ${index + 1}`}
            value={name}
            isMono
            isReadOnly={isReadOnly}
            autoComplete="off"
            spellCheck="false"
            onChange={(text) => {
              changed(index, [text, value]);
            }}
          />
          <TextField
            label={`Value ${index + 1}`}
            value={value}
            isMono
            isReadOnly={isReadOnly}
            autoComplete="off"
            spellCheck="false"
            {...(areSecret && { type: 'password' })}
            onChange={(text) => {
              changed(index, [name, text]);
            }}
          />
          {!isReadOnly && (
            <IconButton
              icon={DeleteIcon}
              label={`Remove ${one.split(' ').at(-1) ?? one} ${index + 1}`}
              onPress={() => {
                onChange(pairs.filter((_, place) => place !== index));
              }}
            />
          )}
        </div>
      ))}
      {pairs.length === 0 && isReadOnly && <span className="soft">None.</span>}
      {error !== undefined && (
        <span className="field-error" role="alert">
          {error}
        </span>
      )}
      {!isReadOnly && pairs.length < most && (
        <div>
          <Button
            icon={AddIcon}
            onPress={() => {
              onChange([...pairs, ['', '']]);
            }}
          >
            Add {one}
          </Button>
        </div>
      )}
    </div>
  );
}
