import type { ReactNode } from 'react';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { RadioButton, RadioField, RadioGroup as AriaRadioGroup } from 'react-aria-components/RadioGroup';
import { Button } from 'react-aria-components/Button';
import { SearchField as AriaSearchField } from 'react-aria-components/SearchField';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { SwitchButton, SwitchField } from 'react-aria-components/Switch';
import { Text } from 'react-aria-components/Text';
import './fields.css';
import { CloseIcon, OpenIcon, SearchIcon } from './icons.ts';

// The page to sign in takes these from their own files, so that the first load does not hold the others.
export { Checkbox } from './checkbox.tsx';
export { TextField } from './text-field.tsx';

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onSubmit?: (value: string) => void;
  readonly placeholder?: string;
}

/** A field for searching; its label is read out, not shown. */
export function SearchField({ label, value, onChange, onSubmit, placeholder }: SearchFieldProps) {
  return (
    <AriaSearchField
      aria-label={label}
      className="search-field"
      value={value}
      onChange={onChange}
      {...(onSubmit && { onSubmit })}
    >
      <SearchIcon size={16} aria-hidden />
      <Input className="input" {...(placeholder !== undefined && { placeholder })} />
      <Button className="button icon-only">
        <CloseIcon size={14} aria-hidden />
      </Button>
    </AriaSearchField>
  );
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly description?: ReactNode;
  readonly isDisabled?: boolean;
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly description?: ReactNode;
  readonly isDisabled?: boolean;
}

/** One of several, in a list that opens. */
export function Select<Value extends string>(props: ChoiceProps<Value>) {
  const { label, choices, value, onChange, description, isDisabled = false } = props;
  return (
    <AriaSelect
      className="field"
      value={value}
      isDisabled={isDisabled}
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.value === key);
        if (chosen) onChange(chosen.value);
      }}
    >
      <Label>{label}</Label>
      <Button className="input select-button">
        <SelectValue className="one-line" />
        <OpenIcon size={16} aria-hidden />
      </Button>
      {description !== undefined && (
        <Text slot="description" className="description">
          {description}
        </Text>
      )}
      <Popover className="popover select-popover">
        <ListBox className="list-box">
          {choices.map((choice) => (
            <ListBoxItem
              key={choice.value}
              id={choice.value}
              textValue={choice.label}
              isDisabled={choice.isDisabled ?? false}
              className="list-box-item"
            >
              <Text slot="label" className="name">
                {choice.label}
              </Text>
              {choice.description !== undefined && (
                <Text slot="description" className="description">
                  {choice.description}
                </Text>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** One of a few, all of them visible with a sentence each. */
export function RadioGroup<Value extends string>(props: ChoiceProps<Value>) {
  const { label, choices, value, onChange, description, isDisabled = false } = props;
  return (
    <AriaRadioGroup
      className="field radio-group"
      value={value}
      isDisabled={isDisabled}
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.value === key);
        if (chosen) onChange(chosen.value);
      }}
    >
      <Label>{label}</Label>
      {description !== undefined && (
        <Text slot="description" className="description">
          {description}
        </Text>
      )}
      {choices.map((choice) => (
        <RadioField key={choice.value} value={choice.value} isDisabled={choice.isDisabled ?? false}>
          <RadioButton className="radio">
            <span className="radio-mark" aria-hidden />
            {choice.label}
          </RadioButton>
          {choice.description !== undefined && (
            <Text slot="description" className="description behind-mark">
              {choice.description}
            </Text>
          )}
        </RadioField>
      ))}
    </AriaRadioGroup>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly isDisabled?: boolean;
  readonly description?: ReactNode;
}

export function Switch({ label, isSelected, onChange, isDisabled = false, description }: SwitchProps) {
  return (
    <SwitchField isSelected={isSelected} onChange={onChange} isDisabled={isDisabled}>
      <SwitchButton className="switch">
        <span className="switch-track" aria-hidden>
          <span className="switch-thumb" />
        </span>
        {label}
      </SwitchButton>
      {description !== undefined && (
        <Text slot="description" className="description behind-switch">
          {description}
        </Text>
      )}
    </SwitchField>
  );
}
