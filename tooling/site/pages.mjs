// The pages of the documentation site beside the API of the packages: which documents of the repository, in which group
// and order.

/** @type {Readonly<Record<string, readonly (string | { path: string, title: string })[]>>} */
const groups = {
  Start: ['docs/guides/quick-start.md', 'docs/guides/console.md', { path: 'SECURITY.md', title: 'Security' }],
  Clients: [
    'docs/guides/clients.md',
    'docs/guides/b2-cli.md',
    'docs/guides/b2sdk.md',
    'docs/guides/coffer-client.md',
    'docs/guides/aws-cli.md',
    'docs/guides/boto3.md',
    'docs/guides/aws-sdk-js.md',
    'docs/guides/rclone.md',
    'docs/guides/restic.md',
    'docs/guides/s3cmd.md',
    'docs/guides/s3fs.md',
  ],
  Encryption: [
    'docs/guides/encryption.md',
    'docs/threat-model.md',
    { path: 'docs/format.md', title: 'Format at rest' },
  ],
  Operating: [
    'docs/guides/operating.md',
    'docs/console.md',
    { path: 'apps/server/README.md', title: 'The coffer command' },
    'docs/snapshots.md',
    'docs/durability.md',
    'docs/limits.md',
    'docs/benchmarks.md',
  ],
  Reference: [
    'docs/s3.md',
    'docs/conformance.md',
    { path: 'apps/conformance/README.md', title: 'The coffer-conformance command' },
  ],
  Development: [
    'docs/architecture.md',
    'CONTRIBUTING.md',
    'docs/releasing.md',
    { path: 'tooling/interop/README.md', title: 'Real clients' },
    { path: 'tooling/console-tests/README.md', title: 'Tests of the web console' },
    { path: 'apps/web-console/README.md', title: 'The web console as a program' },
    { path: 'tooling/conformance-tests/README.md', title: 'Tests of the conformance suite' },
    { path: 'tooling/cross-api/README.md', title: 'Tests across both APIs' },
    { path: 'tooling/scale/README.md', title: 'Tests over real engines' },
    'tooling/crash/README.md',
    'tooling/fuzz/README.md',
    'tooling/leaks/README.md',
    { path: 'tooling/bench/README.md', title: 'How benchmarks are run' },
    'tooling/decoder/README.md',
    { path: 'tooling/readme/README.md', title: 'Tests of READMEs' },
    'tooling/site/README.md',
  ],
};

export const pageGroups = Object.keys(groups);

/**
 * A page's title is its document's heading unless another is given; `path` is from the repository's root.
 *
 * @type {readonly { path: string, group: string, title?: string }[]}
 */
export const pages = Object.entries(groups).flatMap(([group, listed]) =>
  listed.map((page) => (typeof page === 'string' ? { path: page, group } : { ...page, group })),
);
