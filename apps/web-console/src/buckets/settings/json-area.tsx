import { TextField } from '../../ui/fields.tsx';

interface JsonAreaProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly error: string | undefined;
  readonly isReadOnly: boolean;
}

/** A setting as JSON. */
export function JsonArea({ label, text, onChange, error, isReadOnly }: JsonAreaProps) {
  return (
    <TextField
      label={label}
      rows={Math.min(24, Math.max(6, text.split('\n').length + 1))}
      value={text}
      onChange={onChange}
      error={error}
      isReadOnly={isReadOnly}
      isMono
      autoComplete="off"
      spellCheck="false"
      description="As the B2 API has it: the b2 tool takes and prints the same."
    />
  );
}
