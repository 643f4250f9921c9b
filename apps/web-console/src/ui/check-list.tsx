import { CheckboxGroup } from 'react-aria-components/CheckboxGroup';
import { FieldError } from 'react-aria-components/FieldError';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import type { ReactNode } from 'react';
import { Checkbox, type Choice } from './fields.tsx';

interface CheckListProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: readonly Value[];
  /** In the order of the choices. */
  readonly onChange: (value: readonly Value[]) => void;
  readonly description?: ReactNode;
  /** What is wrong with the choice. */
  readonly error?: string | undefined;
}

/** Any number of several, all of them visible. */
export function CheckList<Value extends string>(props: CheckListProps<Value>) {
  const { label, choices, value, onChange, description, error } = props;
  return (
    <CheckboxGroup
      className="field check-list"
      value={[...value]}
      isInvalid={error !== undefined}
      onChange={(chosen) => {
        onChange(choices.map((choice) => choice.value).filter((each) => chosen.includes(each)));
      }}
    >
      <Label>{label}</Label>
      {description !== undefined && (
        <Text slot="description" className="description">
          {description}
        </Text>
      )}
      {choices.map((choice) => (
        <Checkbox
          key={choice.value}
          value={choice.value}
          isDisabled={choice.isDisabled ?? false}
          description={choice.description}
        >
          {choice.label}
        </Checkbox>
      ))}
      <FieldError className="field-error">{error}</FieldError>
    </CheckboxGroup>
  );
}
