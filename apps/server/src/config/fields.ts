import { bucketNameProblem } from '@coffer/b2-protocol';
import { allowList } from '@coffer/event-notifications';
import * as z from 'zod';
import { addressRanges } from '../net/addresses.ts';

/** A whole number, given as a number in a file and as digits on the command line and in the environment. */
export function wholeNumber(
  minimum: number,
  maximum: number,
  error = `must be a whole number from ${minimum} to ${maximum}`,
) {
  return z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error })
    .pipe(z.number({ error }).int({ error }).min(minimum, { error }).max(maximum, { error }));
}

const notAShare = 'must be a number from 0 to 1';

/**
 * A share from 0 to 1, given as a number in a file and as decimal digits on the command line and in the environment.
 */
export const share = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d(?:\.\d{1,6})?$/)
        .transform(Number),
    ],
    { error: notAShare },
  )
  .pipe(z.number({ error: notAShare }).min(0, { error: notAShare }).max(1, { error: notAShare }));

/** LMDB has a limited number of slots for readers; this many processes leave most of them free. */
export const mostWorkers = 64;

const notACount = `must be auto, or a whole number from 1 to ${mostWorkers}`;

/** How many processes serve clients: a number, or `auto`. */
export const workerCount = z.union([z.literal('auto'), wholeNumber(1, mostWorkers, notACount)], { error: notACount });

const switchWords = { true: true, yes: true, '1': true, false: false, no: false, '0': false } as const;

/** On or off: a boolean in a file, a flag on the command line, a word in the environment. */
export const onOff = z.union(
  [
    z.boolean(),
    z.enum(Object.keys(switchWords) as (keyof typeof switchWords)[]).transform((word) => switchWords[word]),
  ],
  { error: 'must be true or false' },
);

const onOffWords = { on: true, off: false } as const;

/** A switch that is on by default, so that its flag has a value: on or off, or what {@link onOff} takes. */
export const onOrOff = z.union(
  [onOff, z.enum(Object.keys(onOffWords) as (keyof typeof onOffWords)[]).transform((word) => onOffWords[word])],
  { error: 'must be on or off' },
);

/** One of two numbers. */
export function oneOfNumbers<const One extends number, const Other extends number>(one: One, other: Other) {
  const error = `must be ${one} or ${other}`;
  const number = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error });
  return number.pipe(z.literal([one, other], { error }));
}

export const path = z.string({ error: 'must be a path' }).min(1, { error: 'must be a path, and is empty' });

export const environmentVariable = z
  .string({ error: 'must be the name of an environment variable' })
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be the name of an environment variable, not a value' });

/** An absolute http or https URL without a path, as its origin. */
export const originUrl = z.string({ error: 'must be a URL' }).transform((text, context): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (url !== undefined && plain && /^https?:$/.test(url.protocol)) return url.origin;
  context.addIssue({
    code: 'custom',
    message: 'must be an http or https URL without a path, such as https://b2.example.org',
  });
  return z.NEVER;
});

/** A list in a file, a flag given several times, or a text with commas. */
const texts = (error: string) =>
  z.union([z.array(z.string()), z.string().transform((text) => text.split(',').map((entry) => entry.trim()))], {
    error,
  });

const notRanges = 'must be addresses or CIDR ranges';

/** Addresses and ranges: a list in a file, a flag given several times, or separated by commas. */
export const rangeList = texts(notRanges).refine((entries) => succeeds(() => addressRanges(entries)), {
  error: notRanges,
});

function succeeds(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

const notAddresses = 'must be addresses, CIDR ranges or host names';

/** Addresses, ranges and host names: a list in a file, a flag given several times, or separated by commas. */
export const addressList = texts(notAddresses).refine((entries) => succeeds(() => allowList(entries)), {
  error: notAddresses,
});

/** A bucket that a start makes if it does not exist. */
export interface WantedBucket {
  readonly name: string;
  /** Undefined: the server's default for new buckets. */
  readonly defaultEncryption: 'SSE-B2' | undefined;
}

const notBuckets = 'must be names of buckets, each with :SSE-B2 behind it or without';

/** Names of buckets, with `:SSE-B2` behind those whose files are to be encrypted by default. */
export const bucketList = texts(notBuckets).transform((entries, context): readonly WantedBucket[] =>
  entries.map((entry) => {
    const [, name = '', encryption] = /^([^:]*)(:SSE-B2)?$/.exec(entry) ?? [];
    const problem = bucketNameProblem(name);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: `${notBuckets}. ${problem}` });
    return { name, defaultEncryption: encryption === undefined ? undefined : 'SSE-B2' };
  }),
);

const notRegion = 'must be a region: letters, digits and hyphens, such as us-east-1';
const regionSyntax = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/;

/** The name of a region, as it stands in the scope of a signature. */
export const region = z.string({ error: notRegion }).regex(regionSyntax, { error: notRegion });

const notRegions = 'must be names of regions, such as eu-central-1';

/** Names of regions: a list in a file, a flag given several times, or separated by commas. */
export const regionList = texts(notRegions).refine((entries) => entries.every((entry) => regionSyntax.test(entry)), {
  error: notRegions,
});

const notDomains = 'must be host names without ports, such as s3.example.org';
/** Labels of a host name (RFC 1123 section 2.1); an IP address is none, because it has no names below it. */
const domainSyntax = /^(?=.{1,190}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Host names, in small letters: a list in a file, a flag given several times, or separated by commas. */
export const domainList = texts(notDomains)
  .transform((entries) => entries.map((entry) => entry.toLowerCase()))
  .refine((entries) => entries.every((entry) => domainSyntax.test(entry)), { error: notDomains });
