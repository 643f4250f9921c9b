import type { ClockJudgement, ClockService } from '@coffer/storage-core';
import type { Command } from 'commander';
import { clockDoubtText, clockRemedy, timeText } from '../server/clock-doubt.ts';
import { createCleanup } from '../server/cleanup.ts';
import { openStorageBeside } from '../server/open-beside.ts';
import { addPlaceOptions, configOf } from './config-options.ts';
import type { Terminal } from './terminal.ts';

/** `failed` is called if the clock is doubted. */
export function addClockCommand(program: Command, terminal: Terminal, failed: () => void): void {
  const clock = program.command('clock').description("the machine's clock, which retentions and lifecycle rules go by");
  const status = clock
    .command('status')
    .description('say whether the clock is doubted, and why; changes nothing; also while a server is running');
  addPlaceOptions(status).action(async () => {
    const judgement = await withClock(status, terminal, (service) => service.judge());
    terminal.stdout(statusText(judgement));
    if (judgement.doubt !== null) failed();
  });
  const confirmation = clock
    .command('confirm')
    .description('say that the clock is right as it is, after it was set; also while a server is running');
  addPlaceOptions(confirmation).action(async () => {
    const before = await withClock(confirmation, terminal, (service) => service.confirm());
    terminal.stdout(confirmationText(before));
  });
}

async function withClock(
  command: Command,
  terminal: Terminal,
  work: (clock: ClockService) => Promise<ClockJudgement>,
): Promise<ClockJudgement> {
  const config = configOf(command, terminal);
  const cleanup = createCleanup();
  try {
    const absent = `There is no data in ${config.data}. Say with --data where it is.`;
    const storage = await openStorageBeside(config, terminal.environment, { cleanup, absent });
    return await work(storage.clock);
  } finally {
    await cleanup.run();
  }
}

function statusText(judgement: ClockJudgement): string {
  const { now, seen } = judgement;
  const reason = clockDoubtText(judgement);
  if (reason !== undefined)
    return (
      `${reason}\nWhile it is doubted, no lifecycle rule is applied and no retention ends by it.\n` + `${clockRemedy}\n`
    );
  return (
    `The clock shows ${timeText(now)}. The store has last seen ${timeText(seen)}. Nothing speaks against the ` +
    'clock.\n'
  );
}

function confirmationText(before: ClockJudgement): string {
  const reason = clockDoubtText(before);
  const confirmed = `The clock now counts as right: ${timeText(before.now)}.`;
  return reason === undefined
    ? `${confirmed} Nothing spoke against it.\n`
    : `${reason}\n${confirmed} Servers that are running believe it from here on.\n`;
}
