import type { Baseline } from './baseline.ts';
import type { CheckResult, DamageOutcome, Trial, Verdict } from './at-rest-report.ts';
import { requirements, type DamageKind } from './checks.ts';
import type { Damage } from './damage.ts';
import type { DamageTrial, TrialsDone } from './damage-trials.ts';
import type { StorageMode } from './mode.ts';
import type { Form } from './specimens.ts';
import { isLocated, type StoredFile } from './stored-file.ts';

/** A check of the files of one mode and form by damages of one kind. */
export interface DamageCheck {
  readonly id: string;
  readonly kind: DamageKind;
  readonly mode: StorageMode;
  readonly form: Form;
}

/** What of the kinds makes sense for each form. */
const kindsOf: Readonly<Record<Form, readonly DamageKind[]>> = {
  small: ['flip', 'truncate', 'exchange', 'downgrade'],
  file: ['flip', 'truncate', 'extend', 'reorder', 'exchange', 'versions', 'downgrade', 'remove'],
  large: ['flip', 'truncate', 'extend', 'reorder', 'exchange', 'parts', 'downgrade', 'remove'],
};

/** The checks of the given modes and forms. */
export function damageChecks(modes: readonly StorageMode[], forms: readonly Form[]): readonly DamageCheck[] {
  return modes.flatMap((mode) =>
    forms.flatMap((form) =>
      kindsOf[form].map((kind) => ({ id: `at-rest/${kind}/${mode.id}/${form}`, kind, mode, form })),
    ),
  );
}

/** Whether a damage is one of those that a check is about. */
export function isOf({ kind, mode, form }: DamageCheck, { kind: ofKind, victims }: Damage): boolean {
  return kind === ofKind && victims[0]?.mode.id === mode.id && victims[0].form === form;
}

/** The verdict on one check from all that was tried. */
export function judgeDamages(
  check: DamageCheck,
  done: TrialsDone,
  files: readonly StoredFile[],
  baseline: Baseline,
): CheckResult {
  const trials = done.trials.filter(({ of }) => isOf(check, of));
  const left = done.notTried.filter((damage) => isOf(check, damage)).length;
  const unsound = [...baseline].filter(([{ mode, form }]) => mode.id === check.mode.id && form === check.form);
  const { verdict, findings } = verdictOn(check, trials, left, files, unsound);
  return { id: check.id, ...requirements[check.kind], verdict, findings, trials: trials.map(withoutDamage) };
}

function verdictOn(
  { kind, mode, form }: DamageCheck,
  trials: readonly DamageTrial[],
  left: number,
  files: readonly StoredFile[],
  unsound: readonly (readonly [StoredFile, string])[],
): { readonly verdict: Verdict; readonly findings: string[] } {
  const count = (outcome: DamageOutcome): number => trials.filter((trial) => trial.outcome === outcome).length;
  const [wrong, down] = [count('wrong bytes'), count('down')];
  const counted =
    `${trials.length} tried: ${count('detected')} detected, ${wrong} wrong bytes, ` +
    `${count('unharmed')} unharmed, ${down} down`;
  const notTried = left === 0 ? [] : [`${left} were not tried`];
  const shown = trials.filter(({ outcome }) => outcome === 'wrong bytes' || outcome === 'down').slice(0, 3);
  const examples = shown.map(({ file, damage, outcome, detail }) => `${file}, ${damage}: ${outcome}, ${detail}`);
  const findings = [counted, ...notTried, ...examples];
  if (!mode.encrypted) return { verdict: 'information', findings: [counted, ...notTried] };
  if (wrong > 0) return { verdict: 'fail', findings };
  if (unsound.length > 0) {
    const known = unsound.slice(0, 3).map(([{ name }, detail]) => `without any damage, ${name}: ${detail}`);
    return { verdict: 'cannot tell', findings: [...findings, ...known] };
  }
  if (trials.length === 0) return { verdict: 'cannot tell', findings: [...notTried, whyNone(kind, mode, form, files)] };
  if (left > 0) return { verdict: 'cannot tell', findings };
  if (count('detected') > 0) return { verdict: 'pass', findings };
  if (down > 0) return { verdict: 'cannot tell', findings: [...findings, 'a server that is down notices nothing'] };
  return { verdict: 'cannot tell', findings: [...findings, 'no damage had an effect: other bytes may be in use'] };
}

function whyNone(kind: DamageKind, mode: StorageMode, form: Form, files: readonly StoredFile[]): string {
  const meant = files.filter((file) => file.mode.id === mode.id && file.form === form && file.role === 'victim');
  if (meant.length === 0) return 'no such file was written';
  return meant.some(isLocated)
    ? `nothing of the kind ${kind} could be done to these files, as they are stored`
    : 'what is stored of these files could not be told apart from other things in the directory';
}

function withoutDamage({ damage, file, outcome, detail }: DamageTrial): Trial {
  return { damage, file, outcome, detail };
}

/** Whether damage stayed with the files that were damaged. */
export function judgeBlastRadius({ trials, harmed, witnessed, notTried }: TrialsDone, baseline: Baseline): CheckResult {
  const down = trials.filter(({ outcome }) => outcome === 'down');
  const examples = down.slice(0, 3).map(({ file, damage, detail }) => `${file}, ${damage}: ${detail}`);
  const seen =
    `${witnessed} readings of files that were not damaged, ${harmed.length} wrong; ${down.length} damages ` +
    'after which the server was not of use';
  const wrong = down.length > 0 || harmed.length > 0;
  const untold = witnessed === 0 || trials.length === 0 || notTried.length > 0 || baseline.size > 0;
  return {
    id: 'at-rest/blast-radius',
    ...requirements['blast-radius'],
    verdict: wrong ? 'fail' : untold ? 'cannot tell' : 'pass',
    findings: [seen, ...examples, ...harmed.slice(0, 3)],
    trials: down.map(withoutDamage),
  };
}
