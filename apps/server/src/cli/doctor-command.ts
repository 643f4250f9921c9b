import type { Command } from 'commander';
import { diagnose, printFindings } from '../doctor/diagnose.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import type { Terminal } from './terminal.ts';

/** `failed` is called if anything is wrong. */
export function addDoctorCommand(program: Command, terminal: Terminal, failed: () => void): void {
  const command = program
    .command('doctor')
    .description('check data directory, keyring, permissions and free space; also while a server is running');
  addPlaceOptions(command).action(async () => {
    const findings = await diagnose(configOf(command, terminal), terminal.environment);
    terminal.stdout(printFindings(findings));
    if (findings.some(({ kind }) => kind === 'problem')) failed();
  });
}
