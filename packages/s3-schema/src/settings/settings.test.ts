import { printBucketEncryption } from '@coffer/sse-schema';
import { printXml, type XmlElement } from '@coffer/xml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf, refusalOf, xml } from '../../testing/refusal.ts';
import { S3Error } from '../values/s3-error.ts';
import { aclXml, cannedAcls, chooseAcl, parseCannedAcl, readAcl, refuseGrantHeaders } from './acl.ts';
import { readEncryption } from './bucket-encryption.ts';
import { corsMethods, corsXml, readCors, type CorsMethod, type CorsRule } from './cors.ts';
import { lifecycleXml, readLifecycle, type LifecycleRule } from './lifecycle.ts';
import { checkLocation, locationXml, readCreateBucket } from './location.ts';
import { loggingXml, readLogging } from './logging.ts';
import {
  checkRetainUntil,
  legalHoldXml,
  objectLockXml,
  readLegalHold,
  readObjectLock,
  readRetention,
  retentionXml,
} from './object-lock.ts';
import { readVersioning, versioningXml } from './versioning.ts';

const reread = (root: XmlElement) => xml(printXml(root));
const codeOf = (read: () => unknown) => refusalOf(read).code;

describe('ACL', () => {
  const owner = { id: '0123456789ab' };
  const printed = printXml(aclXml('public-read', owner));

  it.each(cannedAcls)('%s reads as it is printed', (acl) => {
    expect(readAcl(reread(aclXml(acl, owner)), owner)).toBe(acl);
  });

  it.each([
    ['private', 'private'],
    ['public-read', 'public-read'],
    ['public-read-write', 'NotImplemented'],
    ['authenticated-read', 'NotImplemented'],
    ['bucket-owner-full-control', 'NotImplemented'],
    ['Private', 'InvalidArgument'],
    ['', 'InvalidArgument'],
  ])('the header %j', (text, expected) => {
    const outcome = outcomeOf(() => parseCannedAcl(text));
    expect(outcome instanceof S3Error ? outcome.code : outcome).toBe(expected);
  });

  it.each([
    ['another root', '<Acl/>', 'MalformedACLError'],
    ['no list', '<AccessControlPolicy/>', 'MalformedACLError'],
    ['an unknown element', printed.replaceAll('Permission>', 'Right>'), 'MalformedACLError'],
    ['another owner', printed.replaceAll(owner.id, 'ffffffffffff'), 'NotImplemented'],
    ['writing for everybody', printed.replace('>READ<', '>WRITE<'), 'NotImplemented'],
    ['another group', printed.replace('AllUsers', 'AuthenticatedUsers'), 'NotImplemented'],
    ['no grant', '<AccessControlPolicy><AccessControlList/></AccessControlPolicy>', 'NotImplemented'],
  ])('refuses %s', (_, source, code) => {
    expect(codeOf(() => readAcl(xml(source), owner))).toBe(code);
  });

  it('is asked for in one place', () => {
    expect(chooseAcl('private', undefined, owner)).toBe('private');
    expect(chooseAcl(undefined, aclXml('public-read', owner), owner)).toBe('public-read');
    expect(codeOf(() => chooseAcl('private', aclXml('private', owner), owner))).toBe('UnexpectedContent');
    expect(refusalOf(() => chooseAcl(undefined, undefined, owner))).toMatchObject({
      code: 'MissingSecurityHeader',
      details: { MissingHeaderName: 'x-amz-acl' },
    });
  });

  it('refuses grants in headers', () => {
    const grant = () => {
      refuseGrantHeaders([['X-Amz-Grant-Read', 'id=a']]);
    };
    expect(refusalOf(grant)).toMatchObject({ status: 501, details: { Header: 'x-amz-grant-read' } });
  });
});

describe('CORS', () => {
  const cors = (inside: string) => xml(`<CORSConfiguration><CORSRule>${inside}</CORSRule></CORSConfiguration>`);
  const least = '<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>';

  it('prints what it reads', () => {
    const text = fc.stringMatching(/^[a-z][a-z0-9.:/-]{0,20}\*?$/);
    const rule = fc.record<CorsRule>(
      {
        id: fc.stringMatching(/^[a-z]{1,30}$/),
        allowedOrigins: fc.array(text, { minLength: 1, maxLength: 3 }),
        allowedMethods: fc.array(fc.constantFrom(...(Object.keys(corsMethods) as CorsMethod[])), { minLength: 1 }),
        allowedHeaders: fc.array(text, { maxLength: 3 }),
        exposeHeaders: fc.array(fc.stringMatching(/^[a-z-]{1,10}$/), { maxLength: 3 }),
        maxAgeSeconds: fc.nat(86_400),
      },
      { requiredKeys: ['allowedOrigins', 'allowedMethods', 'allowedHeaders', 'exposeHeaders'] },
    );
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), (rules) => {
        expect(readCors(reread(corsXml(rules)))).toEqual(rules);
      }),
    );
  });

  it.each([
    ['no rule', xml('<CORSConfiguration/>'), 'MalformedXML'],
    ['another root', xml('<Cors/>'), 'MalformedXML'],
    ['another element', xml('<CORSConfiguration><Rule/></CORSConfiguration>'), 'MalformedXML'],
    ['no origin', cors('<AllowedMethod>GET</AllowedMethod>'), 'MalformedXML'],
    ['no method', cors('<AllowedOrigin>*</AllowedOrigin>'), 'MalformedXML'],
    ['an unknown element', cors(`${least}<More/>`), 'MalformedXML'],
    ['two ages', cors(`${least}<MaxAgeSeconds>1</MaxAgeSeconds><MaxAgeSeconds>1</MaxAgeSeconds>`), 'MalformedXML'],
    ['an age that is none', cors(`${least}<MaxAgeSeconds>x</MaxAgeSeconds>`), 'MalformedXML'],
    ['a long id', cors(`${least}<ID>${'a'.repeat(256)}</ID>`), 'MalformedXML'],
    ['a great age', cors(`${least}<MaxAgeSeconds>86401</MaxAgeSeconds>`), 'InvalidRequest'],
    ['two wildcards', cors(`${least}<AllowedHeader>*a*</AllowedHeader>`), 'InvalidRequest'],
    ['a wildcard to expose', cors(`${least}<ExposeHeader>*</ExposeHeader>`), 'InvalidRequest'],
    [
      '101 rules',
      xml(`<CORSConfiguration>${`<CORSRule>${least}</CORSRule>`.repeat(101)}</CORSConfiguration>`),
      'InvalidRequest',
    ],
  ])('refuses %s', (_, root, code) => {
    expect(codeOf(() => readCors(root))).toBe(code);
  });

  it('names the method that there is not', () => {
    expect(refusalOf(() => readCors(cors(least.replace('GET', 'PATCH')))).message).toBe(
      'Found unsupported HTTP method in CORS config. Unsupported method is PATCH',
    );
  });
});

describe('lifecycle', () => {
  const configuration = (...rules: string[]) =>
    xml(`<LifecycleConfiguration>${rules.map((rule) => `<Rule>${rule}</Rule>`).join('')}</LifecycleConfiguration>`);
  const on = '<Filter><Prefix>a/</Prefix></Filter><Status>Enabled</Status>';
  const hide = '<Expiration><Days>3</Days></Expiration>';
  const markers = '<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>';
  const cancel =
    '<AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload>';
  const none = {
    fileNamePrefix: 'a/',
    daysFromUploadingToHiding: null,
    daysFromHidingToDeleting: null,
    daysFromStartingToCancelingUnfinishedLargeFiles: null,
  };

  it.each([
    ['hiding', [on + hide], { daysFromUploadingToHiding: 3 }],
    [
      'deleting',
      [`${on}<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>`],
      { daysFromHidingToDeleting: 1 },
    ],
    ['canceling', [on + cancel], { daysFromStartingToCancelingUnfinishedLargeFiles: 2 }],
    ['an older prefix', [`<Prefix>a/</Prefix><Status>Enabled</Status>${hide}`], { daysFromUploadingToHiding: 3 }],
    [
      'two rules with one prefix',
      [on + hide, on + cancel],
      { daysFromUploadingToHiding: 3, daysFromStartingToCancelingUnfinishedLargeFiles: 2 },
    ],
    ['the removal of markers', [on + hide, on + markers], { daysFromUploadingToHiding: 3 }],
    [
      'an empty filter',
      [`<Filter/><Status>Enabled</Status>${hide}`],
      { fileNamePrefix: '', daysFromUploadingToHiding: 3 },
    ],
  ])('reads %s', (_, rules, expected) => {
    expect(readLifecycle(configuration(...rules))).toEqual([{ ...none, ...expected }]);
  });

  it.each([
    ['no rule', [], 'MalformedXML'],
    ['no status', ['<Filter/>'], 'MalformedXML'],
    ['a disabled rule', [on.replace('Enabled', 'Disabled') + hide], 'InvalidRequest'],
    ['a status that is none', [on.replace('Enabled', 'On') + hide], 'MalformedXML'],
    ['no prefix', [`<Status>Enabled</Status>${hide}`], 'MalformedXML'],
    ['two prefixes', [`${on}<Prefix>a/</Prefix>${hide}`], 'MalformedXML'],
    ['no action', [on], 'InvalidRequest'],
    ['an unknown action', [`${on}<More/>`], 'MalformedXML'],
    ['a transition', [`${on}<Transition><Days>1</Days></Transition>`], 'InvalidRequest'],
    ['a date', [`${on}<Expiration><Date>2026-01-01T00:00:00Z</Date></Expiration>`], 'InvalidRequest'],
    ['a tag', [`<Filter><Tag><Key>a</Key></Tag></Filter><Status>Enabled</Status>${hide}`], 'InvalidRequest'],
    ['several filters', [`<Filter><And/></Filter><Status>Enabled</Status>${hide}`], 'InvalidRequest'],
    [
      'versions to keep',
      [
        `${on}<NoncurrentVersionExpiration><NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration>`,
      ],
      'InvalidRequest',
    ],
    ['no days', [`${on}<Expiration/>`], 'MalformedXML'],
    ['zero days', [on + hide.replace('3', '0')], 'InvalidArgument'],
    ['days that are no number', [on + hide.replace('3', '-3')], 'MalformedXML'],
    ['one action twice', [on + hide, on + hide], 'InvalidRequest'],
    ['markers alone', [on + markers], 'InvalidRequest'],
    ['one id twice', [`<ID>x</ID>${on}${hide}`, `<ID>x</ID>${on}${cancel}`], 'InvalidArgument'],
    ['a long id', [`<ID>${'x'.repeat(256)}</ID>${on}${hide}`], 'InvalidArgument'],
    ['a prefix of another', [on + hide, on.replace('a/', 'a/b') + hide], 'InvalidRequest'],
    ['1001 rules', Array.from({ length: 1001 }, (_, i) => on.replace('a/', `${i}-`) + hide), 'MalformedXML'],
  ])('refuses %s', (_, rules, code) => {
    expect(codeOf(() => readLifecycle(configuration(...rules)))).toBe(code);
  });

  it('prints what it reads', () => {
    const days = fc.option(fc.integer({ min: 1, max: 10_000 }));
    const rule = fc
      .record({
        daysFromUploadingToHiding: days,
        daysFromHidingToDeleting: days,
        daysFromStartingToCancelingUnfinishedLargeFiles: days,
      })
      .filter((numbers) => Object.values(numbers).some((number) => number !== null));
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 9 }), (list) => {
        const rules: LifecycleRule[] = list.map((numbers, index) => ({ fileNamePrefix: `${index} /`, ...numbers }));
        expect(readLifecycle(reread(lifecycleXml(rules)))).toEqual(rules);
      }),
    );
  });
});

describe('Object Lock', () => {
  const configuration = (inside: string) =>
    xml(`<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>${inside}</ObjectLockConfiguration>`);
  const retention = (inside: string) => configuration(`<Rule><DefaultRetention>${inside}</DefaultRetention></Rule>`);

  it.each([
    { defaultRetention: undefined },
    { defaultRetention: { mode: 'governance', period: { duration: 7, unit: 'days' } } },
    { defaultRetention: { mode: 'compliance', period: { duration: 2, unit: 'years' } } },
  ] as const)('prints what it reads: %j', (value) => {
    expect(readObjectLock(reread(objectLockXml(value)))).toEqual(value);
  });

  it.each([
    ['another root', xml('<Lock/>'), 'MalformedXML'],
    ['not enabled', xml('<ObjectLockConfiguration/>'), 'MalformedXML'],
    ['an empty rule', configuration('<Rule/>'), 'MalformedXML'],
    ['no period', retention('<Mode>GOVERNANCE</Mode>'), 'MalformedXML'],
    ['two periods', retention('<Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years>'), 'MalformedXML'],
    ['no mode', retention('<Days>1</Days>'), 'MalformedXML'],
    ['a mode that is none', retention('<Mode>governance</Mode><Days>1</Days>'), 'MalformedXML'],
    ['no days', retention('<Mode>GOVERNANCE</Mode><Days>0</Days>'), 'InvalidArgument'],
    ['too many days', retention('<Mode>GOVERNANCE</Mode><Days>3001</Days>'), 'InvalidArgument'],
    ['too many years', retention('<Mode>GOVERNANCE</Mode><Years>9</Years>'), 'InvalidArgument'],
  ])('refuses %s', (_, root, code) => {
    expect(codeOf(() => readObjectLock(root))).toBe(code);
  });

  it('reads the retention of a version', () => {
    const value = { mode: 'compliance', retainUntilTimestamp: Date.UTC(2030, 0) } as const;
    expect(readRetention(reread(retentionXml(value)))).toEqual(value);
    expect(readRetention(xml('<Retention/>'))).toEqual({ mode: null, retainUntilTimestamp: null });
    expect(codeOf(() => readRetention(xml('<Retention><Mode>GOVERNANCE</Mode></Retention>')))).toBe('MalformedXML');
    const date = '<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>tomorrow</RetainUntilDate></Retention>';
    expect(codeOf(() => readRetention(xml(date)))).toBe('MalformedXML');
  });

  it('wants a date ahead', () => {
    const check = () => {
      checkRetainUntil(1000, 1000);
    };
    expect(refusalOf(check).message).toBe('The retain until date must be in the future!');
    expect(
      outcomeOf(() => {
        checkRetainUntil(1001, 1000);
      }),
    ).toBeUndefined();
  });

  it.each(['on', 'off'] as const)('the legal hold %s reads as it is printed', (hold) => {
    expect(readLegalHold(reread(legalHoldXml(hold)))).toBe(hold);
  });

  it.each(['<LegalHold/>', '<LegalHold><Status>on</Status></LegalHold>', '<Hold><Status>ON</Status></Hold>'])(
    'refuses %s',
    (source) => {
      expect(codeOf(() => readLegalHold(xml(source)))).toBe('MalformedXML');
    },
  );
});

describe('versioning', () => {
  const versioning = (inside: string) => xml(`<VersioningConfiguration>${inside}</VersioningConfiguration>`);

  it('is always on', () => {
    expect(readVersioning(reread(versioningXml()))).toBe('Enabled');
    expect(readVersioning(versioning('<Status>Enabled</Status><MfaDelete>Disabled</MfaDelete>'))).toBe('Enabled');
  });

  it.each([
    ['', 'IllegalVersioningConfigurationException'],
    ['<Status>Suspended</Status>', 'NotImplemented'],
    ['<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>', 'NotImplemented'],
    ['<Status>Off</Status>', 'MalformedXML'],
    ['<More/>', 'MalformedXML'],
  ])('refuses %s', (inside, code) => {
    expect(codeOf(() => readVersioning(versioning(inside)))).toBe(code);
  });
});

describe('location', () => {
  const create = (inside: string) => xml(`<CreateBucketConfiguration>${inside}</CreateBucketConfiguration>`);

  it.each([
    ['', undefined],
    ['<LocationConstraint/>', undefined],
    ['<LocationConstraint>us-west-004</LocationConstraint>', 'us-west-004'],
    ['<Location><Type>AvailabilityZone</Type></Location>', undefined],
  ])('reads %s', (inside, region) => {
    expect(readCreateBucket(create(inside))).toBe(region);
  });

  it.each([
    ['<LocationConstraint>a b</LocationConstraint>', 'InvalidLocationConstraint'],
    ['<Tags><Tag/></Tags>', 'NotImplemented'],
    ['<More/>', 'MalformedXML'],
  ])('refuses %s', (inside, code) => {
    expect(codeOf(() => readCreateBucket(create(inside)))).toBe(code);
  });

  it('is this region, or one of its names', () => {
    const refused = () => {
      checkLocation('eu', 'us-west-004');
    };
    expect(refusalOf(refused)).toMatchObject({
      code: 'IllegalLocationConstraintException',
      message:
        'The eu location constraint is incompatible for the region specific endpoint this request was sent to. ' +
        'Its region is us-west-004.',
    });
    for (const asked of [undefined, 'us-west-004', 'us-east-1']) {
      const check = () => {
        checkLocation(asked, 'us-west-004', ['us-east-1']);
      };
      expect(check).not.toThrow();
    }
    expect(printXml(locationXml('us-west-004'))).toContain('>us-west-004</LocationConstraint>');
  });
});

describe('logging', () => {
  it('is off', () => {
    expect(readLogging(reread(loggingXml()))).toBe('off');
    const on = xml('<BucketLoggingStatus><LoggingEnabled/></BucketLoggingStatus>');
    expect(codeOf(() => readLogging(on))).toBe('NotImplemented');
    expect(codeOf(() => readLogging(xml('<BucketLoggingStatus><More/></BucketLoggingStatus>')))).toBe('MalformedXML');
  });
});

describe('default encryption', () => {
  const rule = (inside: string) =>
    xml(`<ServerSideEncryptionConfiguration><Rule>${inside}</Rule></ServerSideEncryptionConfiguration>`);
  const apply = (inside: string) =>
    `<ApplyServerSideEncryptionByDefault>${inside}</ApplyServerSideEncryptionByDefault>`;

  it.each([
    { defaultEncryption: 'SSE-B2', blocksCustomerKeys: false },
    { defaultEncryption: 'SSE-B2', blocksCustomerKeys: true },
    { defaultEncryption: 'none', blocksCustomerKeys: true },
  ] as const)('reads what is printed: %j', (value) => {
    expect(readEncryption(reread(printBucketEncryption(value)))).toEqual(value);
  });

  it.each([
    ['no rule', xml('<ServerSideEncryptionConfiguration/>'), 'MalformedXML'],
    ['another root', xml('<Encryption/>'), 'MalformedXML'],
    ['no algorithm', rule(apply('')), 'MalformedXML'],
    ['another algorithm', rule(apply('<SSEAlgorithm>AES128</SSEAlgorithm>')), 'MalformedXML'],
    ['KMS', rule(apply('<SSEAlgorithm>aws:kms</SSEAlgorithm>')), 'NotImplemented'],
    ['KMS of two layers', rule(apply('<SSEAlgorithm>aws:kms:dsse</SSEAlgorithm>')), 'NotImplemented'],
    [
      'a KMS key',
      rule(apply('<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>a</KMSMasterKeyID>')),
      'InvalidArgument',
    ],
  ])('refuses %s', (_, root, code) => {
    expect(codeOf(() => readEncryption(root))).toBe(code);
  });

  it('says what is wrong with a KMS key', () => {
    const root = rule(apply('<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>a</KMSMasterKeyID>'));
    expect(refusalOf(() => readEncryption(root))).toMatchObject({
      message: 'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      details: { ArgumentName: 'ApplyServerSideEncryptionByDefault' },
    });
  });
});

describe('any document', () => {
  const names = [
    ...['CORSConfiguration', 'CORSRule', 'AllowedOrigin', 'AllowedMethod', 'LifecycleConfiguration', 'Rule', 'Filter'],
    ...['Prefix', 'Status', 'Expiration', 'Days', 'ObjectLockConfiguration', 'ObjectLockEnabled', 'DefaultRetention'],
    ...['Mode', 'Retention', 'RetainUntilDate', 'LegalHold', 'VersioningConfiguration', 'BucketLoggingStatus', 'ID'],
    ...['AccessControlPolicy', 'AccessControlList', 'Grant', 'Grantee', 'URI', 'CreateBucketConfiguration', 'Tags'],
  ];
  const name = fc.constantFrom(...names);
  const text = fc.oneof(fc.constantFrom('Enabled', 'GET', '*', '1', 'GOVERNANCE', 'ON', '0123456789ab'), fc.string());
  const { tree } = fc.letrec<{ tree: XmlElement }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.record({ name, attributes: fc.constant([]), children: fc.constant([]), text }),
      fc.record({
        name,
        attributes: fc.constant([]),
        children: fc.array(tie('tree'), { maxLength: 4 }),
        text: fc.constant(''),
      }),
    ),
  }));
  const readers = [
    readCors,
    readLifecycle,
    readObjectLock,
    readRetention,
    readLegalHold,
    readVersioning,
    readLogging,
    readCreateBucket,
    readEncryption,
    (root: XmlElement) => readAcl(root, { id: '0123456789ab' }),
  ];

  it('is read, or refused with an S3Error', () => {
    fc.assert(
      fc.property(tree, (root) => {
        for (const read of readers) outcomeOf(() => read(root));
      }),
    );
  });
});
